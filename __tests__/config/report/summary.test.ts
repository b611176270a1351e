import { loadDeployment } from "../../../config/load";
import { summary } from "../../../config/report/summary";
import { globalEndpointFile } from "../../support/global-endpoint-file";
import { valid, validFile, validModel } from "../../support/serving-file";

function summaryOf(file: string): readonly string[] {
  const loaded = loadDeployment(file);
  return loaded.ok ? summary(loaded.deployment).split("\n") : [];
}

test("a summary names the stacks, each region with its models and instances, and the next command", () => {
  expect(summaryOf("serving.yaml")).toEqual([
    "chat: stacks state, domain, eu-central-1, us-east-1, global",
    "",
    "global endpoint  https://models.example.com, to the nearest healthy of eu-central-1, us-east-1",
    "  clients of a lost region are served elsewhere after 108s",
    "",
    ...["eu-central-1", "us-east-1"].flatMap((region) => [
      `${region}  3 zones, internet-facing, https://${region}.models.example.com, open to 203.0.113.0/24`,
      expect.stringMatching(
        /^ {2}llama-3-8b {2}canary 5 % {3}2–3 instances of g6\.2xlarge, g5\.2xlarge, \$\d\.\d\d to \$\d\.\d\d an hour$/,
      ),
      expect.stringContaining("              stable 95 %  5–8 instances of g6.2xlarge, g5.2xlarge, $"),
      expect.stringContaining("  qwen-72b    main 100 %   4–6 instances of g6.12xlarge, g5.12xlarge, $"),
      "",
    ]),
    expect.stringMatching(
      /^\$\d\d\.\d\d an hour at min, of which \$\d\d\.\d\d for the loss of a zone or a region; \$\d\d\.\d\d at max$/,
    ),
    expect.stringMatching(
      /^ {2}on demand, by AWS's price lists of 202\d-\d\d-\d\d and 202\d-\d\d-\d\d, without traffic, logs, metrics and discounts$/,
    ),
    "  load balancers, networks and volumes of eu-central-1 at the prices of us-east-1",
    "",
    "Next: npm run bootstrap, once, for the state bucket; then npx cdktf diff eu-central-1",
  ]);
});

test("a summary names the instances of which no price is known", () => {
  const { deployment } = valid({
    ...validFile(),
    regions: { "ap-southeast-7": { network: { create: { cidr: "10.0.0.0/16" } } } },
  });
  expect(summary(deployment).split("\n")).toContain(
    "  without the instances of which no price is recorded: g6.2xlarge, g5.2xlarge in ap-southeast-7",
  );
});

test("a summary says what is fetched from the hub, where a loss is to be survived", () => {
  const summaryWith = (survive: "zone" | "nothing", ...ids: readonly string[]) => {
    const { weights: _, ...model } = validModel();
    const models = ids.map((id, index) => [`chat-${index}`, { ...model, model: id, survive }]);
    const file = { ...validFile(), models: Object.fromEntries(models) };
    return summary(valid(file).deployment).split("\n");
  };
  expect(summaryWith("zone", "acme/a", "acme/b", "/models/c").slice(-3)).toEqual([
    "chat-0, chat-1: fetched from the Hugging Face hub, so no new instance starts while that is away; npm run mirror -- chat-0 --to s3://chat-weights/chat-0/ copies it to S3",
    "",
    expect.stringContaining("Next: "),
  ]);
  expect(summaryWith("nothing", "acme/a").join()).not.toContain("fetched from the Hugging Face hub");
});

test("an account says aloud what is not encrypted, and open to all", () => {
  const entry = {
    protocol: "unencrypted-http",
    allow: "anyone-on-the-internet",
    callers: "unauthenticated",
  } as const;
  expect(summary(valid({ ...validFile(), entry }).deployment).split("\n")).toContain(
    "us-east-1  3 zones, internet-facing, unencrypted http at the load balancer's name, open to anyone on the internet",
  );
});

describe("a summary of a global endpoint says where clients go", () => {
  const globalEndpointLines = (
    globalEndpoint: Parameters<typeof globalEndpointFile>[0],
    regions?: Parameters<typeof globalEndpointFile>[1],
  ) => {
    const lines = summary(valid(globalEndpointFile(globalEndpoint, regions)).deployment).split("\n");
    return lines.slice(2, lines.indexOf("", 2));
  };

  test.each<[string, Parameters<typeof globalEndpointFile>[0], string]>([
    ["by latency", { routing: "latency" }, "to the nearest healthy of eu-west-1, us-east-1"],
    [
      "by an order",
      { routing: "failover", order: ["us-east-1", "eu-west-1"] },
      "to the first healthy of us-east-1, eu-west-1",
    ],
    ["by weight", { routing: "weighted" }, "by weight to eu-west-1 50 %, us-east-1 50 %, while healthy"],
    [
      "by an accelerator",
      { routing: "accelerator" },
      "through AWS Global Accelerator to the nearest healthy of eu-west-1, us-east-1",
    ],
  ])("%s", (_, globalEndpoint, way) => {
    expect(globalEndpointLines(globalEndpoint)).toEqual([
      `global endpoint  https://models.example.com, ${way}`,
      expect.stringMatching(/served elsewhere after \d+(s|m)$/),
    ]);
  });

  test("with weights and dials of their own", () => {
    const three = {
      "us-east-1": { weight: 1 },
      "eu-west-1": { weight: 2 },
      "ca-central-1": { traffic: "drained" as const },
    };
    expect(globalEndpointLines({ routing: "weighted" }, three).slice(0, 2)).toEqual([
      "global endpoint  https://models.example.com, by weight to eu-west-1 66.7 %, us-east-1 33.3 %, while healthy",
      "  drained: ca-central-1",
    ]);
    expect(
      globalEndpointLines({ routing: "accelerator" }, { "us-east-1": { dial: 30 }, "eu-west-1": {} })[0],
    ).toMatch(/ eu-west-1, us-east-1 at 30 %$/);
  });

  test("with equal shares for standbys, while no other is served", () => {
    const three = {
      "us-east-1": { traffic: "drained" as const },
      "eu-west-1": { weight: 0 },
      "ca-central-1": { weight: 0 },
    };
    expect(globalEndpointLines({ routing: "weighted" }, three)[0]).toMatch(
      /by weight to ca-central-1 50 %, eu-west-1 50 %, while healthy$/,
    );
  });

  test("with all for a standby, while it is served alone", () => {
    const pair = { "us-east-1": { traffic: "drained" as const }, "eu-west-1": { weight: 0 } };
    expect(globalEndpointLines({ routing: "weighted" }, pair)[0]).toMatch(
      /by weight to eu-west-1 100 %, while healthy$/,
    );
  });

  test("and of a single region nothing of its loss", () => {
    expect(globalEndpointLines({ routing: "latency" }, { "us-east-1": {} })).toEqual([
      "global endpoint  https://models.example.com, to the nearest healthy of us-east-1",
    ]);
  });
});
