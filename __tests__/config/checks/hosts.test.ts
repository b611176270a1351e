import { GLOBAL_ENDPOINT_YAML, globalEndpointYaml } from "../../support/global-endpoint-file";
import { testRules } from "../../support/rule-cases";
import { VALID_YAML } from "../../support/serving-file";

const END = "    scaling: { requestsPerMinutePerInstance: 60 }\n";
const routes = (...some: readonly string[]): readonly [string, string] => [
  END,
  `${END}    routes:\n${some.map((route) => `      - ${route}\n`).join("")}`,
];
const WHISPER = VALID_YAML.slice(VALID_YAML.indexOf("  llama:\n")).replace(
  "  llama:\n",
  "  whisper:\n    ROUTES\n",
);
const ARN = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/1`;
const CERTIFIED = GLOBAL_ENDPOINT_YAML.replace(
  "  us-east-1:\n",
  `  us-east-1:\n    entry: { certificateArn: "${ARN("us-east-1")}" }\n`,
).replace("  eu-west-1:\n", `  eu-west-1:\n    entry: { certificateArn: "${ARN("eu-west-1")}" }\n`);
const IN_THE_CLEAR = GLOBAL_ENDPOINT_YAML.replace("  domain:", "  protocol: unencrypted-http\n  domain:");

const LOST =
  "error  models.llama.routes[0].host  model-behind-region-names  clients of the global endpoint that want llama would get a 404: its routes match names of single regions only; add models.example.com, leave host out, or name the others in globalEndpoint.models";
const unmade = (place: string, host: string) =>
  `warning  models.llama.routes${place}  host-without-record  this deployment makes no DNS record and no certificate for ${host}; make both, and write the certificate, with all names on it, as entry.certificateArn`;

describe("a model that clients of the global endpoint count on", () => {
  testRules([
    {
      name: "by the name of one region",
      yaml: GLOBAL_ENDPOINT_YAML,
      changes: [routes("{ host: ▸us-east-1.models.example.com, path: /a/* }")],
      expected: [LOST],
    },
    {
      name: "by the names of all regions, each in a route",
      yaml: GLOBAL_ENDPOINT_YAML,
      changes: [
        routes("{ host: ▸US-east-1.models.example.com }", "{ host: [eu-west-1.models.example.com] }"),
      ],
      expected: [LOST],
    },
    {
      name: "by a pattern that only regions' names have a certificate for",
      yaml: GLOBAL_ENDPOINT_YAML,
      changes: [routes("{ host: ▸'*.models.example.com' }")],
      expected: [LOST],
    },
    {
      name: "by such a pattern, where the team makes certificates",
      yaml: CERTIFIED,
      changes: [routes("{ host: '*.models.example.com' }")],
      expected: [],
    },
    {
      name: "by the name of one region, where the team makes certificates",
      yaml: CERTIFIED,
      changes: [routes("{ host: ▸us-east-1.models.example.com }")],
      expected: [LOST],
    },
    {
      name: "by the name of one region, and by the global endpoint's",
      yaml: GLOBAL_ENDPOINT_YAML,
      changes: [routes("{ host: us-east-1.models.example.com }", "{ host: models.example.com }")],
      expected: [],
    },
    {
      name: "by the name of one region, and by a regular expression",
      yaml: GLOBAL_ENDPOINT_YAML,
      changes: [routes("{ host: us-east-1.models.example.com }", "{ hostRegex: '^models' }")],
      expected: [],
    },
    {
      name: "by the name of one region, and by a path",
      yaml: GLOBAL_ENDPOINT_YAML,
      changes: [routes("{ host: us-east-1.models.example.com }", "{ path: /a/* }")],
      expected: [],
    },
    {
      name: "by the name of one region, and as the default",
      yaml: GLOBAL_ENDPOINT_YAML,
      changes: [
        routes("{ host: us-east-1.models.example.com }"),
        ["  domain:", "  default: llama\n  domain:"],
      ],
      expected: [],
    },
    {
      name: "beside one by the name of one region, on which they do not count",
      yaml: globalEndpointYaml("latency", "  models: [llama]\n") + WHISPER,
      changes: [["    ROUTES", "    routes: [{ host: us-east-1.models.example.com }]"]],
      expected: [],
    },
    {
      name: "by the name of the only region, without a global endpoint",
      changes: [routes("{ host: us-east-1.models.example.com }")],
      expected: [],
    },
  ]);
});

describe("a host", () => {
  testRules([
    {
      name: "that is no name made here",
      yaml: GLOBAL_ENDPOINT_YAML,
      changes: [routes("{ host: [models.example.com, ▸a.models.example.com], path: /a/* }")],
      expected: [unmade("[0].host[1]", "a.models.example.com")],
    },
    {
      name: "that is the only way to a model of the global endpoint",
      yaml: GLOBAL_ENDPOINT_YAML,
      changes: [routes("{ host: ▸a.models.example.com }")],
      expected: [unmade("[0].host", "a.models.example.com")],
    },
    {
      name: "that is a pattern no name made here fits",
      changes: [routes("{ path: /a }", "{ host: ▸'*.example.org' }")],
      expected: [unmade("[1].host", "*.example.org")],
    },
    {
      name: "that would be the global endpoint's, if there were one",
      changes: [routes("{ host: ▸models.example.com }")],
      expected: [unmade("[0].host", "models.example.com")],
    },
    {
      name: "of a certificate that the team makes",
      yaml: CERTIFIED,
      changes: [routes("{ host: a.models.example.com }")],
      expected: [],
    },
    {
      name: "of a certificate that the team makes in one region of two",
      yaml: CERTIFIED.replace(`    entry: { certificateArn: "${ARN("eu-west-1")}" }\n`, ""),
      changes: [routes("{ host: ▸a.models.example.com }")],
      expected: [unmade("[0].host", "a.models.example.com")],
    },
    {
      name: "that needs no certificate",
      yaml: IN_THE_CLEAR,
      changes: [routes("{ host: a.models.example.com }")],
      expected: [],
    },
  ]);
});
