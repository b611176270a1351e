import { spawnSync } from "node:child_process";
import { encodeUserData, renderUserData } from "../../boot/user-data";
import { instanceFacts } from "../../config/plan/boot-config";
import type { Aws } from "../../scripts/aws-cli";
import { editYaml } from "../../scripts/back/edit-yaml";
import { goBack } from "../../scripts/back/go-back";
import { placeIn } from "../../scripts/back/restore";
import { loadYaml, VALID_YAML } from "../support/serving-file";

const IMAGE = "    image: vllm/vllm-openai:v0.28.0\n";

/** {@link VALID_YAML} with another image, arguments or weights. */
const changed = (...changes: readonly (readonly [string, string])[]) =>
  changes.reduce((text, [before, after]) => text.replace(before, after), VALID_YAML);

const GOOD = VALID_YAML;
const BAD = changed([IMAGE, "    image: vllm/vllm-openai:v0.18.1 # the new one\n"]);

function accepted(text: string) {
  const loaded = loadYaml(text);
  if (!loaded.ok) {
    throw new Error(`refused: ${loaded.diagnostics[0]?.message}`);
  }
  return loaded;
}

/** The user data of the instances of a file. */
function userDataOf(text: string, variant?: string): string {
  const place = placeIn(accepted(text).deployment.regions, "us-east-1", "llama", variant);
  return encodeUserData(renderUserData(instanceFacts(place.region, place.model, place.variant)));
}

interface World {
  /** The file of each version of the launch template, from version 1 on. */
  readonly versions: readonly string[];
  /** Versions of the healthy instances in service. */
  running: number[];
  /** Refreshes, the newest first; each began while its version was the newest. */
  readonly refreshes: { version: number; status: string; reason?: string; looks?: number }[];
  readonly notOk?: readonly string[];
}

/** What each command of the AWS CLI takes and needs. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  "autoscaling describe-auto-scaling-groups": ["--auto-scaling-group-names"],
  "autoscaling describe-instance-refreshes": ["--auto-scaling-group-name"],
  "autoscaling cancel-instance-refresh": [
    "--auto-scaling-group-name",
    "--no-wait-for-transitioning-instances",
  ],
  "ec2 describe-launch-template-versions": ["--launch-template-id"],
  "cloudwatch describe-alarms": ["--alarm-types", "--alarm-names"],
};

const minute = (count: number) => new Date(Date.UTC(2026, 10, 1, 0, count)).toISOString();

/** A stand-in for AWS that is as strict: a cancellation takes time, and without an active refresh it is refused. */
function standIn(world: World, variant = "main") {
  const calls: string[][] = [];
  const aws: Aws = async (...args) => {
    calls.push([...args]);
    const command = args.slice(0, 2).join(" ");
    const options = args.filter((arg) => arg.startsWith("--"));
    expect(options.filter((option) => option !== "--region")).toEqual(OPTIONS[command]);
    expect(args.slice(-2)).toEqual(["--region", "us-east-1"]);
    const of = (option: string) => args[args.indexOf(option) + 1];
    const isActive = ({ status }: { status: string }) =>
      ["Pending", "InProgress", "Cancelling", "RollbackInProgress", "Baking"].includes(status);
    switch (command) {
      case "autoscaling describe-auto-scaling-groups":
        expect(of("--auto-scaling-group-names")).toBe(`chat.llama.${variant}`);
        return {
          AutoScalingGroups: [
            {
              CreatedTime: minute(11),
              MixedInstancesPolicy: {
                LaunchTemplate: {
                  LaunchTemplateSpecification: {
                    LaunchTemplateId: "lt-1",
                    Version: String(world.versions.length),
                  },
                },
              },
              Instances: [
                ...world.running.map((Version) => ({
                  LifecycleState: "InService",
                  HealthStatus: "Healthy",
                  LaunchTemplate: { LaunchTemplateId: "lt-1", Version: String(Version) },
                })),
                { LifecycleState: "Pending:Wait", HealthStatus: "Healthy" },
              ],
            },
          ],
        };
      case "autoscaling describe-instance-refreshes":
        for (const refresh of world.refreshes.filter(({ status }) => status === "Cancelling")) {
          refresh.looks = (refresh.looks ?? 0) + 1;
          refresh.status = refresh.looks > 2 ? "Cancelled" : "Cancelling";
        }
        return {
          InstanceRefreshes: world.refreshes.map(({ version, status, reason }, index) => ({
            InstanceRefreshId: `refresh-${index}`,
            Status: status,
            StatusReason: reason,
            StartTime: minute(10 * version + 1),
          })),
        };
      case "autoscaling cancel-instance-refresh": {
        const active = world.refreshes.find(isActive);
        if (active === undefined) {
          throw new Error(
            "An error occurred (ActiveInstanceRefreshNotFound) when calling the CancelInstanceRefresh operation",
          );
        }
        active.status = "Cancelling";
        return { InstanceRefreshId: `refresh-${world.refreshes.indexOf(active)}` };
      }
      case "ec2 describe-launch-template-versions":
        expect(of("--launch-template-id")).toBe("lt-1");
        return {
          LaunchTemplateVersions: world.versions.map((text, index) => ({
            VersionNumber: index + 1,
            CreateTime: minute(10 * (index + 1)),
            LaunchTemplateData: { UserData: userDataOf(text) },
          })),
        };
      default: {
        const names = args.slice(args.indexOf("--alarm-names") + 1, -2);
        return {
          MetricAlarms: names.map((AlarmName) => ({
            AlarmName,
            StateValue: (world.notOk ?? []).includes(AlarmName) ? "ALARM" : "OK",
          })),
        };
      }
    }
  };
  return { aws, calls };
}

/** What happens when someone goes back, and answers. */
async function wentBack(
  world: World,
  {
    text = world.versions.at(-1) ?? "",
    yes = true,
    model = "llama",
    variant = undefined as string | undefined,
  } = {},
) {
  const { aws, calls } = standIn(world, variant);
  const seen = {
    ...{ shown: [] as string[], written: [] as string[], deployed: [] as string[], pauses: 0 },
    /** How many lines were shown when it asked. */
    askedAfter: 0,
  };
  const done = await goBack(
    { file: "serving.yaml", text, loaded: accepted(text), region: "us-east-1", model, variant },
    {
      aws,
      show: (line) => void seen.shown.push(line),
      ask: async () => {
        seen.askedAfter = seen.shown.length;
        return yes;
      },
      pause: async () => {
        seen.pauses += 1;
      },
      write: (now) => void seen.written.push(now),
      deploy: (region) => {
        expect(world.refreshes.map(({ status }) => status)).not.toContain("Cancelling");
        seen.deployed.push(region);
        return true;
      },
    },
  );
  return { ...seen, done, calls, commands: calls.map(([, command]) => command) };
}

describe("going back", () => {
  it("with an active refresh cancels it, waits until it is cancelled, and restores what instances still run", async () => {
    const world: World = {
      versions: [GOOD, BAD],
      running: [1, 1, 2],
      refreshes: [{ version: 2, status: "InProgress" }],
    };
    const { done, written, deployed, shown, pauses } = await wentBack(world);
    expect(world.refreshes[0]?.status).toBe("Cancelled");
    expect(pauses).toBeGreaterThan(0);
    expect(shown).toContain("Refresh refresh-0: Cancelled.");
    expect(shown).toContain("-     image: vllm/vllm-openai:v0.18.1 # the new one");
    expect(shown).toContain("+     image: vllm/vllm-openai:v0.28.0 # the new one");
    expect(written).toEqual([BAD.replace("v0.18.1", "v0.28.0")]);
    expect(deployed).toEqual(["us-east-1"]);
    expect(done).toBe(true);
  });

  it("with a refresh that someone else cancels already waits for it", async () => {
    const world: World = {
      versions: [GOOD, BAD],
      running: [2],
      refreshes: [{ version: 2, status: "Cancelling" }],
    };
    const { commands, deployed } = await wentBack(world);
    expect(commands).not.toContain("cancel-instance-refresh");
    expect(deployed).toEqual(["us-east-1"]);
  });

  it("with a failed refresh cancels nothing, and restores the last version whose refresh succeeded", async () => {
    const worse = changed([IMAGE, "    image: vllm/vllm-openai:v0.18.2\n"]);
    const { commands, written, shown } = await wentBack({
      versions: [GOOD, worse, BAD],
      running: [3, 3, 3],
      refreshes: [
        { version: 3, status: "Failed" },
        { version: 2, status: "Failed" },
      ],
    });
    expect(commands).not.toContain("cancel-instance-refresh");
    expect(shown[0]).toBe("No refresh is active; the last one: Failed.");
    expect(shown[1]).toContain("The last good one is version 1");
    expect(written).toEqual([BAD.replace("v0.18.1", "v0.28.0")]);
  });

  it("without any refresh restores the version before", async () => {
    const { shown, written } = await wentBack({ versions: [GOOD, BAD], running: [2, 2], refreshes: [] });
    expect(shown[0]).toBe("No refresh is active.");
    expect(written).toEqual([BAD.replace("v0.18.1", "v0.28.0")]);
  });

  it("does not mistake a refresh that ends just then for a fault", async () => {
    const world: World = {
      versions: [GOOD, BAD],
      running: [2],
      refreshes: [{ version: 2, status: "InProgress" }],
    };
    const { aws } = standIn(world);
    const racing: Aws = (...args) => {
      if (args[1] === "cancel-instance-refresh" && world.refreshes[0]) {
        world.refreshes[0].status = "Successful";
      }
      return aws(...args);
    };
    const shown: string[] = [];
    const loaded = accepted(BAD);
    await goBack(
      { file: "serving.yaml", text: BAD, loaded, region: "us-east-1", model: "llama" },
      {
        ...{
          aws: racing,
          show: (line) => void shown.push(line),
          ask: async () => false,
          pause: async () => {},
        },
        ...{ write: () => {}, deploy: () => true },
      },
    );
    expect(shown).toContain("Refresh refresh-0: Successful.");
  });

  it("changes and deploys nothing on no", async () => {
    const { written, deployed, done } = await wentBack(
      { versions: [GOOD, BAD], running: [1], refreshes: [] },
      { yes: false },
    );
    expect({ written, deployed, done }).toEqual({ written: [], deployed: [], done: false });
  });

  it.each<[string, string, string]>([
    ["arguments", changed([IMAGE, `${IMAGE}    arguments: [--enable-prefix-caching, --seed, "1"]\n`]), GOOD],
    ["missing arguments", GOOD, changed([IMAGE, `${IMAGE}    arguments: [--seed, "1"]\n`])],
    [
      "arguments in a list of lines",
      changed([IMAGE, `${IMAGE}    arguments:\n      - --seed\n      - "2"\n`]),
      changed([IMAGE, `${IMAGE}    arguments:\n      - --seed\n      - "1"\n`]),
    ],
    [
      "weights",
      GOOD,
      changed([
        "{ uri: s3://example-weights/llama/, size: 15GiB }",
        "{ uri: s3://example-weights/llama-2/, mirrors: [s3://example-mirror/llama-2/], size: 15GiB }",
      ]),
    ],
    [
      "weights with mirrors and a hash",
      changed([
        "size: 15GiB }",
        `size: 15GiB, mirrors: [s3://example-mirror/llama/], sha256: ${"a".repeat(64)} }`,
      ]),
      GOOD,
    ],
    [
      "all at once",
      GOOD,
      changed([IMAGE, "    image: a/vllm:1.0\n    arguments: [--x]\n"], ["llama/, size", "b/, size"]),
    ],
  ])("restores %s", async (_what, good, bad) => {
    const { written } = await wentBack({ versions: [good, bad], running: [1], refreshes: [] });
    expect(written).toHaveLength(1);
    expect(userDataOf(written[0] ?? "")).toBe(userDataOf(good));
  });

  it("changes nothing of the file but that, with all comments", async () => {
    const commented = `# Ours.\n${BAD.replace("capacity:", "# Enough.\n    capacity:")}`;
    const { written } = await wentBack(
      { versions: [GOOD, BAD], running: [1], refreshes: [] },
      { text: commented },
    );
    expect(written).toEqual([commented.replace("v0.18.1", "v0.28.0")]);
  });

  it("leaves alarms that are not OK out of the refresh, which AWS would not start", async () => {
    const withAlarms = (text: string) =>
      text.replace("    scaling:", "    rollout: { alarms: [slow, late] }\n    scaling:");
    const { written, shown } = await wentBack({
      versions: [withAlarms(GOOD), withAlarms(BAD)],
      running: [1],
      refreshes: [],
      notOk: ["chat.llama--main.instance-errors", "slow"],
    });
    const { file } = accepted(written[0] ?? "");
    expect(file.models.llama?.rollout).toMatchObject({ stopOnAlarms: false, alarms: ["late"] });
    expect(shown.join("\n")).toContain("Not OK: chat.llama--main.instance-errors, slow.");
  });

  it("says what it does not restore", async () => {
    const { shown } = await wentBack({
      versions: [changed([IMAGE, `${IMAGE}    env: { A: "1" }\n`]), BAD],
      running: [1],
      refreshes: [],
    });
    expect(shown).toContain("Not restored: ENVIRONMENT.");
  });
});

describe("a bad version is no way back", () => {
  const WORSE = changed([IMAGE, "    image: vllm/vllm-openai:v0.18.2\n"]);

  it("although healthy instances still run it, when an alarm stopped its refresh", async () => {
    const reason = "An alarm went off: instance-errors";
    const { shown, written } = await wentBack({
      versions: [GOOD, BAD, WORSE],
      running: [1, 2, 2, 3],
      refreshes: [
        { version: 3, status: "InProgress" },
        { version: 2, status: "Failed", reason },
      ],
    });
    expect(shown.join("\n")).toContain("The last good one is version 1");
    expect(accepted(written[0] ?? "").file.models.llama?.image).toBe("vllm/vllm-openai:v0.28.0");
  });

  it.each(["Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed", undefined])(
    "when its refresh is %s",
    async (status) => {
      const { shown } = await wentBack({
        versions: [GOOD, BAD, WORSE],
        running: [1, 2, 3],
        refreshes: [
          { version: 3, status: "Failed" },
          ...(status === undefined ? [] : [{ version: 2, status }]),
        ],
      });
      expect(shown.join("\n")).toContain("The last good one is version 1");
    },
  );

  it("when someone goes back a second time meanwhile; the first refresh goes on", async () => {
    const world: World = {
      versions: [GOOD, BAD, GOOD],
      running: [1, 2, 2, 3],
      refreshes: [
        { version: 3, status: "InProgress" },
        { version: 2, status: "Failed" },
      ],
    };
    await expect(wentBack(world)).rejects.toThrow(
      "chat.llama.main is on the way back already: refresh refresh-0 brings version 3, which runs what the good version 1 ran",
    );
    expect(world.refreshes[0]?.status).toBe("InProgress");
  });

  it("when the first return was cancelled", async () => {
    await expect(
      wentBack({
        versions: [GOOD, BAD, GOOD],
        running: [1, 2, 2],
        refreshes: [
          { version: 3, status: "Cancelled" },
          { version: 2, status: "Failed" },
        ],
      }),
    ).rejects.toThrow("has no good version before 3");
  });

  it("when it is the only one; the way out names the setting that lets a refresh start", async () => {
    const alarms = ["chat.llama--main.too-few-healthy", "chat.llama--main.instance-errors"];
    await expect(wentBack({ versions: [BAD], running: [], refreshes: [], notOk: alarms })).rejects.toThrow(
      /mend serving.yaml by hand, and deploy\. Not OK: .*instance-errors\. .* with rollout: \{ stopOnAlarms: false \} under models\.llama\. Undo/,
    );
    await expect(wentBack({ versions: [BAD], running: [], refreshes: [] })).rejects.toThrow(
      /mend serving.yaml by hand, and deploy$/,
    );
  });
});

describe("what else the change rolls", () => {
  const NETWORK = "  us-east-1:\n    network:\n      create:\n        cidr: 10.0.0.0/16\n";
  const several = (text: string) =>
    text
      .replace(
        "    scaling:",
        "    variants: { stable: { weight: 9 }, canary: { weight: 1 }, own: { weight: 1, image: a/b:1 } }\n    scaling:",
      )
      .replace(NETWORK, `${NETWORK}${NETWORK.replace("us-east-1", "us-west-2").replace("10.0", "10.1")}`);

  it("is said before the question", async () => {
    const { shown, askedAfter } = await wentBack(
      { versions: [GOOD, BAD], running: [1], refreshes: [] },
      { text: several(BAD), variant: "canary" },
    );
    expect(shown.slice(0, askedAfter)).toEqual(
      expect.arrayContaining([
        "The change is also of llama stable in us-east-1: this deploy rolls it too.",
        "The change is also of llama canary in us-west-2, llama stable in us-west-2: the next deploy there rolls it.",
      ]),
    );
  });

  it("is only what shares the field", async () => {
    const { shown } = await wentBack(
      { versions: [GOOD, BAD], running: [1], refreshes: [] },
      { text: several(GOOD), variant: "own" },
    );
    expect(shown.filter((line) => line.includes("also"))).toEqual([
      "The change is also of llama own in us-west-2: the next deploy there rolls it.",
    ]);
  });
});

describe("an anchor", () => {
  const back = (text: string) => wentBack({ versions: [GOOD, BAD], running: [1], refreshes: [] }, { text });

  it.each<[string, string, string]>([
    [
      "on the value, used elsewhere",
      BAD.replace("image: vllm", "image: &image vllm").replace(
        "    scaling:",
        "    env: { TAG: *image }\n    scaling:",
      ),
      "serving.yaml ties models.llama.image to models.llama.env.TAG by an anchor",
    ],
    [
      "on what holds the value",
      BAD.replace(
        /weights: \{.*\}/,
        "weights: &weights { uri: s3://example-weights/other/, size: 15GiB }",
      ).replace("    scaling:", "    variants: { main: { weight: 1, weights: *weights } }\n    scaling:"),
      "serving.yaml holds models.llama.variants.main.weights.uri",
    ],
  ])("%s is not edited", async (_what, text, message) => {
    await expect(back(text)).rejects.toThrow(message);
  });

  it("that only this place uses, or an alias at the place itself, is", async () => {
    const anchored = BAD.replace("image: vllm", "image: &image vllm");
    const { written } = await back(anchored);
    expect(written).toEqual([anchored.replace("v0.18.1", "v0.28.0")]);
    const aliased = BAD.replace(
      "image: vllm/vllm-openai:v0.18.1",
      "env: { TAG: &image vllm/vllm-openai:v0.18.1 }\n    image: *image",
    );
    expect((await back(aliased)).written).toEqual([
      aliased.replace("image: *image", "image: vllm/vllm-openai:v0.28.0"),
    ]);
  });
});

describe("there is no way back", () => {
  const world = (): World => ({ versions: [GOOD, BAD], running: [1], refreshes: [] });

  it.each<[string, World, Parameters<typeof wentBack>[1]]>([
    ["there is no model mistral; write one of llama", world(), { model: "mistral" }],
    ["there is no variant blue; write one of main", world(), { variant: "blue" }],
    ["has no good version before 2", { versions: [GOOD, GOOD], running: [1], refreshes: [] }, {}],
    [
      "has no good version before 3",
      {
        versions: [BAD, GOOD, BAD],
        running: [3],
        refreshes: [{ version: 2, status: "Failed" }],
      },
      {},
    ],
  ])("as it says: %s", async (message, there, asked) => {
    await expect(wentBack(there, asked)).rejects.toThrow(message);
  });
});

it("asks for a variant where there are several", () => {
  const several = VALID_YAML.replace(
    "    scaling:",
    "    variants: { a: { weight: 1 }, b: { weight: 1 } }\n    scaling:",
  );
  expect(() => placeIn(accepted(several).deployment.regions, "us-east-1", "llama", undefined)).toThrow(
    "llama has several variants; add one of a, b",
  );
});

describe("an edit of YAML", () => {
  it.each<[string, string, unknown, string]>([
    ["a: [1]\nb: 2 # two\nc: [3]\n", "b", undefined, "a: [1]\nc: [3]\n"],
    ["a:\n  b: { c: 1 }\n  d: [2]\n", "a.b", undefined, "a:\n  d: [2]\n"],
    ["a:\n  b:\n    c: 1\n  # of d\n  d: [2]\n", "a.b", undefined, "a:\n  # of d\n  d: [2]\n"],
    ["a: 1 # one\nb: 2\n", "a", 3, "a: 3 # one\nb: 2\n"],
    ["a:\n  # first\n  b: 1\n", "a.c", "x", "a:\n  # first\n  c: x\n  b: 1\n"],
    ["a: { b: 1 }\n", "a.c", ["x"], "a: { c: [x], b: 1 }\n"],
    ["a: [1, 2]\nb: {c: 1}\n", "a", [3], "a: [3]\nb: {c: 1}\n"],
  ])("of %j", (text, path, value, expected) => {
    expect(editYaml(text, [{ path: path.split("."), value }])).toBe(expected);
  });
});

const present = spawnSync("aws", ["--version"]).status === 0;

(present ? it : it.skip)(
  "calls the AWS CLI with what it takes (skipped where that is missing)",
  async () => {
    const { calls } = await wentBack({
      versions: [GOOD, BAD],
      running: [1],
      refreshes: [{ version: 2, status: "InProgress" }],
    });
    const distinct = new Map(calls.map((args) => [args.slice(0, 2).join(" "), args]));
    expect([...distinct.keys()].sort()).toEqual(Object.keys(OPTIONS).sort());
    for (const args of distinct.values()) {
      const { status, stderr } = spawnSync("aws", [...args, "--generate-cli-skeleton", "input"], {
        encoding: "utf8",
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    }
  },
  60_000,
);
