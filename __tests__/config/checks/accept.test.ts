import { acceptedControls } from "../../../config/checks/accept";
import { acceptableCodes } from "../../../config/diagnostics/findings";
import { globalEndpointYaml } from "../../support/global-endpoint-file";
import { type RuleCase, testRules } from "../../support/rule-cases";
import { schemaFields } from "../../support/schema-fields";
import { loadYaml, VALID_YAML } from "../../support/serving-file";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const FULL = "capacity: { min: 3, max: 3 }";
const REASON = "a smaller fleet is fine while a version is rolled out";
const ACCEPT = `accept: { no-room-for-rollout: ${REASON} }`;
const PRIVATE: readonly [string, string] = ["allow: [203.0.113.0/24]", "allow: [10.0.0.0/8]"];
const EMAIL = "  email: on-call@example.com\n";
const inRegion = (fields: string): readonly [string, string] => [
  "        cidr: 10.0.0.0/16\n",
  `        cidr: 10.0.0.0/16\n    ${fields}\n`,
];
const VARIANT = "variants: { main: { weight: 1, capacity: { min: 3, max: 3 }";

/** For each place where `accept` may stand, a warning that it silences there. */
const PLACES: Readonly<Record<string, RuleCase["changes"]>> = {
  "": [
    [CAPACITY, FULL],
    ["name: chat\n", `name: chat\n${ACCEPT}\n`],
  ],
  alarms: [[EMAIL, "  topicArns: []\n  accept: { no-alarm-recipient: we watch a dashboard }\n"]],
  entry: [[PRIVATE[0], `${PRIVATE[1]}\n  accept: { only-private-clients: they come through a proxy }`]],
  "regions.*": [inRegion(`models: { llama: { ${FULL} } }\n    ${ACCEPT}`)],
  "regions.*.entry": [
    inRegion(`entry: { ${PRIVATE[1]}, accept: { only-private-clients: they come through a proxy } }`),
  ],
  "regions.*.models.*": [inRegion(`models: { llama: { ${FULL}, ${ACCEPT} } }`)],
  "regions.*.models.*.variants.*": [
    inRegion(`models: { llama: { variants: { main: { ${FULL}, ${ACCEPT} } } } }`),
  ],
  "models.*": [[CAPACITY, `${FULL}\n    ${ACCEPT}`]],
  "models.*.variants.*": [[CAPACITY, `${CAPACITY}\n    ${VARIANT}, ${ACCEPT} } }`]],
};

describe("a warning that is meant", () => {
  test("can be accepted wherever the schema has a place for it, each with a case here", () => {
    const places = schemaFields().flatMap((field) => /^(.*?)\.?accept\./.exec(field)?.[1] ?? []);
    expect([...new Set(places)].sort()).toEqual(Object.keys(PLACES).sort());
  });

  testRules(
    Object.entries(PLACES).map(([place, changes]) => ({ name: `in ${place}`, changes, expected: [] })),
  );

  test.each(Object.entries(PLACES))("is a warning without being accepted: %j", (_place, changes) => {
    const text = changes.reduce((yaml, [before, after]) => yaml.replace(before, after), VALID_YAML);
    const loaded = loadYaml(text.replace(/accept: \{[^}]*\}/, ""));
    expect(loaded.ok && loaded.warnings).toHaveLength(1);
    expect(loaded.ok && loaded.accepted).toEqual([]);
  });

  test("is kept with its reason", () => {
    const loaded = loadYaml(VALID_YAML.replace(CAPACITY, `${FULL}\n    ${ACCEPT}`));
    expect(loaded.ok && loaded.accepted).toMatchObject([
      {
        warning: { code: "no-room-for-rollout", path: ["models", "llama", "capacity", "max"] },
        reason: REASON,
      },
    ]);
  });

  testRules([
    {
      name: "of several places, by the innermost, and the others accept nothing",
      changes: [
        [CAPACITY, `${FULL}\n    ${ACCEPT}`],
        ["name: chat\n", "name: chat\naccept: { ▸no-room-for-rollout: as it is }\n"],
      ],
      expected: [
        "warning  accept.no-room-for-rollout  acceptance-unused  there is no such warning here; remove the line",
      ],
    },
    {
      name: "not from elsewhere, and the line says where it belongs",
      changes: [
        [CAPACITY, FULL.replace("max: ", "max: ▸")],
        ["alarms:\n", "alarms:\n  accept: { ▸no-room-for-rollout: as it is }\n"],
      ],
      expected: [
        "warning  alarms.accept.no-room-for-rollout  acceptance-unused  there is no such warning here; remove the line, or write it under models.llama",
        "warning  models.llama.capacity.max  no-room-for-rollout",
      ],
    },
    {
      name: "in several places, by one around them",
      changes: [
        [
          CAPACITY,
          `${CAPACITY}\n    variants: { blue: { weight: 1, ${FULL} }, green: { weight: 1, ${FULL} } }`,
        ],
        ["name: chat\n", `name: chat\n${ACCEPT}\n`],
      ],
      expected: [],
    },
    {
      name: "is not accepted beside it",
      yaml: globalEndpointYaml("latency"),
      changes: [
        [
          "network: { create: { cidr: 10.1.0.0/16 } }",
          `network: { create: { cidr: 10.1.0.0/16 } }\n    accept: { ▸no-room-for-rollout: as it is }`,
        ],
        [CAPACITY, "capacity: { min: 3, max: ▸3 }"],
      ],
      expected: [
        "warning  regions.eu-west-1.accept.no-room-for-rollout  acceptance-unused",
        "warning  models.llama.capacity.max  no-room-for-rollout",
        "warning  models.llama.capacity.max  no-room-for-rollout",
      ],
    },
    {
      name: "is not shown beside errors either",
      changes: [
        [CAPACITY, `${FULL}\n    ${ACCEPT}`],
        [":v0.28.0", ":latest"],
        ["image: ", "image: ▸"],
        ["loadTime:", "arguments: [--shutdown-timeout, '300']\n    loadTime:"],
      ],
      expected: ["error  models.llama.image  image-tag-moves"],
    },
    {
      name: "is not missed beside errors, which may hide it",
      changes: [[CAPACITY, `capacity: { min: ▸5, max: 3 }\n    ${ACCEPT}`]],
      expected: ["error  models.llama.capacity.min  min-above-max"],
    },
  ]);
});

test("a control is accepted at the top of the file, and under a region for its stack", () => {
  const loaded = loadYaml(
    VALID_YAML.replace(
      "name: chat\n",
      "name: chat\naccept: { ELB.16: a firewall stands before it }\n",
    ).replace(...inRegion("accept: { CKV_AWS_158: our account encrypts all logs }")),
  );
  expect(loaded.ok && loaded.warnings).toEqual([]);
  expect(loaded.ok && acceptedControls(loaded.file)).toEqual([
    { id: "ELB.16", reason: "a firewall stands before it", path: ["accept", "ELB.16"] },
    {
      id: "CKV_AWS_158",
      reason: "our account encrypts all logs",
      path: ["regions", "us-east-1", "accept", "CKV_AWS_158"],
      stack: "us-east-1",
    },
  ]);
});

describe("what cannot be accepted", () => {
  const accepting = (line: string): RuleCase["changes"] => [
    ["name: chat\n", `name: chat\naccept: { ${line} }\n`],
  ];
  testRules([
    {
      name: "a warning that does not occur",
      changes: accepting("▸no-scaling: as it is"),
      expected: ["warning  accept.no-scaling  acceptance-unused"],
    },
    {
      name: "a warning that is misspelt",
      changes: accepting("▸no-scalng: as it is"),
      expected: [
        'error  accept.no-scalng  unknown-warning  "no-scalng" is no warning that can be accepted; did you mean "no-scaling"?',
      ],
    },
    {
      name: "a control, where controls have no place",
      changes: [[PRIVATE[0], `${PRIVATE[0]}\n  accept: { ▸ELB.16: a firewall stands before it }`]],
      expected: [
        'error  entry.accept["ELB.16"]  unknown-warning  "ELB.16" is a control, and not a warning about this part; accept it at the top of the file or under a region',
      ],
    },
    {
      name: "what is no warning at all",
      changes: accepting("▸everything: as it is"),
      expected: [
        'error  accept.everything  unknown-warning  "everything" is no warning that can be accepted; docs/findings.md lists them',
      ],
    },
    {
      name: "an error",
      changes: accepting("▸min-above-max: as it is"),
      expected: [
        'error  accept.min-above-max  error-accepted  "min-above-max" is an error, and errors cannot be accepted; correct what it names',
      ],
    },
    {
      name: "that something is accepted for nothing",
      changes: accepting("▸acceptance-unused: as it is"),
      expected: ["error  accept.acceptance-unused  unknown-warning"].map(
        (line) =>
          `${line}  "acceptance-unused" is no warning that can be accepted; docs/findings.md lists them`,
      ),
    },
    {
      name: "anything without a reason",
      changes: accepting('no-scaling: ▸" "'),
      expected: [
        "error  accept.no-scaling  wrong-format  must not be empty; write why the warning does not matter here",
      ],
    },
    {
      name: "anything without a word",
      changes: accepting("▸no-scaling:"),
      expected: ["error  accept.no-scaling  empty-field  has no value; expected a string"],
    },
  ]);

  test("is the only warning that cannot", () => {
    expect(acceptableCodes).not.toContain("acceptance-unused");
    expect(acceptableCodes.length).toBeGreaterThan(20);
  });
});

describe("a model and a variable that are called accept", () => {
  testRules([
    {
      name: "are nothing but that",
      changes: [
        ["  llama:\n", "  accept:\n"],
        [CAPACITY, `${CAPACITY}\n    env: { accept: all }`],
      ],
      expected: [],
    },
  ]);
});
