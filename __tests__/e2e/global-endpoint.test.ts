import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { WrittenFile } from "../support/serving-file";
import { type Eyes, lookAt, wantHealthyChildren } from "./aws";
import { inNetwork, underOneGlobalEndpoint } from "./deployments";
import { seeGlobalEndpoint } from "./global-endpoint-seen";
import { type RecordChange, waysOf } from "./hosted-zone";
import { inventoryOf } from "./inventory";
import { kindsOf, resourcesOf } from "./leftovers";
import { inBrief, leftToChange, plannedChanges } from "./plan-changes";
import { createProject, type Project } from "./project";
import { provideStates } from "./provided-states";
import { say, step } from "./steps";
import { suite } from "./suite";
import { terraformIn } from "./terraform";
import { createWorld, type World } from "./world";

const NAME = "models.example.com";

suite("one global endpoint", (around) => {
  let project: Project;
  let world: World;
  /** What is to be; each step goes on from where the last one left it. */
  let wanted: WrittenFile;
  const us = (): Eyes => lookAt(around().emulator.endpoint, "us-east-1");
  const eu = (): Eyes => lookAt(around().emulator.endpoint, "eu-west-1");
  /** A region that is added later. */
  const west = (): Eyes => lookAt(around().emulator.endpoint, "us-west-2");
  const seen = () =>
    seeGlobalEndpoint(world.hostedZoneId, { "us-east-1": us(), "eu-west-1": eu(), "us-west-2": west() });

  /** What the next deploy of a stack would do. */
  const planOf = async (stack: string) => leftToChange(await project.terraform(stack).plan());
  const plansOf = async (...stacks: readonly string[]) =>
    Object.fromEntries(await Promise.all(stacks.map(async (stack) => [stack, await planOf(stack)])));

  /** The names of the load balancers that clients are routed to. */
  async function balancersOf(...regions: readonly Eyes[]): Promise<readonly string[]> {
    const balancers = await Promise.all(regions.map(({ loadBalancers }) => loadBalancers()));
    return balancers
      .flat()
      .map(({ DNSName = "" }) => DNSName)
      .sort();
  }

  /** The targets of the shared name after each change of an action, without repeats; for IPv4 and IPv6 apart. */
  async function waysDuring(take: () => Promise<unknown>) {
    const since = around().emulator.recordChanges.length;
    await take();
    const ways = waysOf(around().emulator.recordChanges, since, NAME);
    expect(ways.length).toBeGreaterThan(0);
    return [...new Set(ways.map((way) => JSON.stringify(way)))].map((way) => JSON.parse(way));
  }

  /** Writes what is wanted now. */
  async function want(change: (file: WrittenFile) => void): Promise<void> {
    change(wanted);
    project.write(wanted);
    await project.synthesize();
  }

  /** The Terraform JSON of stacks, as it would be deployed. */
  const textsOf = (...stacks: readonly string[]) =>
    stacks.map((stack) => readFileSync(path.join(project.stackFolder(stack), "cdk.tf.json"), "utf8"));

  step("bootstrap: the state bucket is created before the stacks that keep their states there", async () => {
    world = await createWorld(around().emulator.endpoint, {
      "us-east-1": 2,
      "eu-west-1": 2,
      "us-west-2": 2,
    });
    wanted = underOneGlobalEndpoint(world.networkIn);
    project = createProject("front", around());
    project.write(wanted);
    say(
      "waits a minute: the provider reads the settings of the bucket until S3 has given the same answer ten times",
    );
    await project.deploy("state");
  });

  step("deploy: everything at once and from nothing, in the right order", async () => {
    say("waits for the load balancers, for which the provider takes a minute");
    await project.deploy("*");

    expect(await us().objects("example-front-tfstate")).toEqual([
      "domain.tfstate",
      "eu-west-1.tfstate",
      "global.tfstate",
      "us-east-1.tfstate",
    ]);
    expect(stacksOf(around().emulator.recordChanges)).toEqual(["domain", "regions", "global"]);
  });

  step("deploy: Route 53 itself shows that the name routes to the nearest region that works", async () => {
    const { records, healthChecks } = await seen();
    const ofRegion = (region: string) => [
      `A and AAAA ${region}.${NAME} → the load balancer of ${region} by its health`,
      `A and AAAA _${region}.${NAME} "${region}" weight 1 while front ${region} requests → the load balancer of ${region}`,
      `A and AAAA _latency.${NAME} "${region}" nearest to ${region} while front ${region} instances → _${region}.${NAME} by its health`,
      `CNAME _….${region}.${NAME} → _….acm-validations.aws`,
    ];
    expect(records).toEqual(
      [
        `A and AAAA ${NAME} → _latency.${NAME} by its health`,
        `CNAME _….${NAME} → _….acm-validations.aws`,
        ...ofRegion("eu-west-1"),
        ...ofRegion("us-east-1"),
      ].sort(),
    );
    expect(Object.keys(healthChecks)).toHaveLength(2 * 6);
    const from = "from ap-southeast-1, eu-west-1, us-east-1";
    for (const region of ["us-east-1", "eu-west-1"]) {
      const requestCheck = (model: string) =>
        `HTTPS with SNI ${region}.${NAME}:443/.well-known/health/${model}, every 10 s, 3 times, ${from}`;
      const counted = (model: string) =>
        `front.${model}--main.out-of-service of ${region}, else LastKnownStatus`;
      expect(healthChecks).toMatchObject({
        [`front ${region} requests`]: `1 of front ${region} llama requests, front ${region} qwen requests`,
        [`front ${region} instances`]: `1 of front ${region} llama instances of main, front ${region} qwen instances of main`,
        [`front ${region} llama requests`]: requestCheck("llama"),
        [`front ${region} qwen requests`]: requestCheck("qwen"),
        [`front ${region} llama instances of main`]: counted("llama"),
        [`front ${region} qwen instances of main`]: counted("qwen"),
      });
    }
  });

  step(
    "deploy: each region has rules for the health checks of the global endpoint, and certificates for both names",
    async () => {
      for (const [region, eyes] of Object.entries({ "us-east-1": us(), "eu-west-1": eu() })) {
        const [balancer] = await eyes.loadBalancers();
        expect(balancer?.IpAddressType).toBe("dualstack");
        const listeners = await eyes.listeners(balancer?.LoadBalancerArn);
        const serving = listeners.find(({ Protocol }) => Protocol === "HTTPS");
        const shown = await eyes.shownCertificates(serving?.ListenerArn);
        const certificates = (await eyes.certificates()).filter(({ CertificateArn }) =>
          shown.includes(CertificateArn),
        );
        expect(certificates.map(({ DomainName, Status }) => `${Status} ${DomainName}`).sort()).toEqual(
          [`ISSUED ${NAME}`, `ISSUED ${region}.${NAME}`].sort(),
        );
        const rules = (await eyes.rules(serving?.ListenerArn)).flatMap(({ Conditions = [] }) => Conditions);
        expect(rules.flatMap(({ PathPatternConfig }) => PathPatternConfig?.Values ?? [])).toEqual(
          expect.arrayContaining(["/.well-known/health/llama", "/.well-known/health/qwen"]),
        );
        expect(await eyes.tagged("front")).toEqual(
          expect.arrayContaining(
            ["llama", "qwen"].map((model) =>
              expect.stringMatching(`:${region}:.*:alarm:front.${model}--main.out-of-service$`),
            ),
          ),
        );
      }
      expect(await us().tagged("front")).toEqual(
        expect.arrayContaining(
          ["us-east-1", "eu-west-1"].map((region) =>
            expect.stringMatching(`:alarm:front.global-endpoint.${region}-`),
          ),
        ),
      );
    },
  );

  step("second plan: nothing is left to change", async () => {
    expect(await plansOf("domain", "us-east-1", "eu-west-1", "global")).toEqual({
      domain: [],
      "us-east-1": [],
      "eu-west-1": [],
      global: [],
    });
  });

  step(
    "another routing: its records are complete before the name points to them, and the old ones are destroyed after that",
    async () => {
      const both = await balancersOf(us(), eu());
      const regions = textsOf("domain", "us-east-1", "eu-west-1");
      const always = [[both, both]];
      await want((file) =>
        Object.assign(file, { globalEndpoint: { ...file.globalEndpoint, routing: "weighted" } }),
      );
      expect(await waysDuring(() => project.terraform("global").apply())).toEqual(always);
      expect((await seen()).records).toEqual(
        expect.arrayContaining([
          `A and AAAA ${NAME} → _weighted.${NAME} by its health`,
          `A and AAAA _weighted.${NAME} "eu-west-1" weight 100 while front eu-west-1 instances → _eu-west-1.${NAME} by its health`,
        ]),
      );

      const order = ["us-east-1", "eu-west-1"];
      await want((file) =>
        Object.assign(file, { globalEndpoint: { ...file.globalEndpoint, routing: "failover", order } }),
      );
      expect(await waysDuring(() => project.terraform("global").apply())).toEqual(always);
      const { records } = await seen();
      const ordered = `us-east-1.eu-west-1._failover.${NAME}`;
      expect(records).toEqual(
        expect.arrayContaining([
          `A and AAAA ${NAME} → ${ordered} by its health`,
          `A and AAAA ${ordered} "us-east-1" primary while front us-east-1 instances → _us-east-1.${NAME} by its health`,
          `A and AAAA ${ordered} "eu-west-1" secondary while front eu-west-1 instances → _eu-west-1.${NAME} by its health`,
        ]),
      );
      expect(records.filter((record) => /_latency|_weighted/.test(record))).toEqual([]);
      expect(textsOf("domain", "us-east-1", "eu-west-1")).toEqual(regions);
      expect(await planOf("global")).toEqual([]);
    },
  );

  step("drain: one word takes a region out, and changes nothing but the global endpoint", async () => {
    const regions = textsOf("domain", "us-east-1", "eu-west-1");
    const both = await balancersOf(us(), eu());
    const left = await balancersOf(us());
    await want(({ regions: { "eu-west-1": region } }) => Object.assign(region ?? {}, { traffic: "drained" }));
    expect(textsOf("domain", "us-east-1", "eu-west-1")).toEqual(regions);
    expect(await plansOf("us-east-1", "eu-west-1", "global")).toEqual({
      "us-east-1": [],
      "eu-west-1": [],
      global: ["2 update aws_route53_record alias.name", "4 destroy aws_route53_record"],
    });
    const ways = await waysDuring(() => project.deployOne("global"));
    expect([both, left]).toEqual(expect.arrayContaining(ways.flat()));
    expect(ways.at(-1)).toEqual([left, left]);
  });

  step("serve again: a region comes back in the same way", async () => {
    const both = await balancersOf(us(), eu());
    const left = await balancersOf(us());
    await want(({ regions: { "eu-west-1": region } }) => Object.assign(region ?? {}, { traffic: "served" }));
    const ways = await waysDuring(() => project.deployOne("global"));
    expect([both, left]).toEqual(expect.arrayContaining(ways.flat()));
    expect(ways.at(-1)).toEqual([both, both]);
  });

  step("without a deploy: a command takes a region out, and the next deploy corrects that", async () => {
    const { healthChecks } = await seen();
    const instances = "front eu-west-1 instances";
    const ids = JSON.parse(await project.terraform("global").run("output", "-json", "health_checks"));
    await wantHealthyChildren(around().emulator.endpoint, ids["eu-west-1"].instances, 256);
    expect((await seen()).healthChecks[instances]).toBe(healthChecks[instances]?.replace(/^1/, "256"));

    expect(await planOf("global")).toEqual([
      "1 update aws_route53_health_check child_health_threshold",
      "drift aws_route53_health_check child_health_threshold",
    ]);
    await project.terraform("global").apply();
    expect((await seen()).healthChecks).toEqual(healthChecks);
  });

  step(
    "add: a region is created by a deploy of its own, and the name routes to it once it is served",
    async () => {
      const both = await balancersOf(us(), eu());
      const others = textsOf("domain", "us-east-1", "eu-west-1");
      const order = ["us-east-1", "eu-west-1", "us-west-2"];
      await want((file) => {
        Object.assign(file.globalEndpoint ?? {}, { order });
        file.regions["us-west-2"] = {
          ...inNetwork(world.networkIn("us-west-2")),
          entry: { deletionProtection: false },
          traffic: "drained",
        };
      });
      expect(textsOf("domain", "us-east-1", "eu-west-1")).toEqual(others);
      say("waits for another load balancer");
      expect(await waysDuring(() => project.deployOne("us-west-2"))).toEqual([[both, both]]);
      const tried = await seen();
      expect(tried.records).toEqual(
        expect.arrayContaining([
          `A and AAAA us-west-2.${NAME} → the load balancer of us-west-2 by its health`,
        ]),
      );
      expect(tried.records.filter((record) => record.includes("_us-west-2"))).toEqual([]);
      expect(await us().objects("example-front-tfstate")).toContain("us-west-2.tfstate");

      const three = await balancersOf(us(), eu(), west());
      await want(({ regions: { "us-west-2": region } }) =>
        Object.assign(region ?? {}, { traffic: "served" }),
      );
      const ways = await waysDuring(() => project.deploy("*"));
      expect([both, three]).toEqual(expect.arrayContaining(ways.flat()));
      expect(ways.at(-1)).toEqual([three, three]);
      expect(failoverIn((await seen()).records)).toEqual(failoverOf(...order));
      expect(await plansOf("us-west-2", "global")).toEqual({ "us-west-2": [], global: [] });
    },
  );

  step(
    "another order: its records are complete before the name points to them, and the old ones are destroyed after that",
    async () => {
      const three = await balancersOf(us(), eu(), west());
      const order = ["eu-west-1", "us-west-2", "us-east-1"];
      await want((file) => Object.assign(file.globalEndpoint ?? {}, { order }));
      expect(await waysDuring(() => project.deployOne("global"))).toEqual([[three, three]]);
      expect(failoverIn((await seen()).records)).toEqual(failoverOf(...order));
      expect(await planOf("global")).toEqual([]);
    },
  );

  step("from records to an accelerator: planned, as the emulator has none", async () => {
    const state = await project.terraform("global").run("state", "pull");
    const now = structuredClone(wanted);
    // States with the outputs that the regions would have after their own deploy, beside those they have.
    const elsewhere = { bucket: "example-front-planned", region: "us-east-1" };
    await want((file) =>
      Object.assign(file, { state: elsewhere, globalEndpoint: { routing: "accelerator" } }),
    );
    const jsonOf = (name: string) => JSON.parse(textsOf(name).join(""));
    const regions = Object.keys(wanted.regions).map((name) => ({
      state: elsewhere,
      name,
      json: jsonOf(name),
    }));
    await provideStates(around().emulator.endpoint, regions);
    const stack = jsonOf("global");
    delete stack.terraform.backend;
    const folder = path.join(around().folder, "accelerator");
    mkdirSync(folder);
    writeFileSync(path.join(folder, "cdk.tf.json"), JSON.stringify(stack));
    writeFileSync(path.join(folder, "terraform.tfstate"), state);
    const changes = plannedChanges(await terraformIn(folder, around()).plan());
    wanted = now;
    await want(() => {});

    expect(inBrief(changes)).toEqual([
      "1 create aws_globalaccelerator_accelerator",
      "1 create aws_globalaccelerator_listener",
      "1 create aws_kms_key",
      "1 create aws_sns_topic",
      "1 create aws_sns_topic_policy",
      "1 create aws_sns_topic_subscription",
      "1 destroy aws_kms_key",
      "1 destroy aws_sns_topic",
      "1 destroy aws_sns_topic_policy",
      "1 destroy aws_sns_topic_subscription",
      "14 destroy aws_route53_record",
      "18 destroy aws_route53_health_check",
      "2 update aws_route53_record alias.name",
      "2 update aws_route53_record alias.zone_id",
      "3 create aws_cloudwatch_metric_alarm",
      "3 create aws_globalaccelerator_endpoint_group",
      "6 destroy aws_cloudwatch_metric_alarm",
    ]);
  });

  step(
    "remove: the global endpoint gives up a region, which can then be destroyed, and is in no state any more",
    async () => {
      const left = await balancersOf(us(), west());
      await want(({ regions: { "eu-west-1": region } }) =>
        Object.assign(region ?? {}, { traffic: "drained" }),
      );
      await project.deployOne("global");
      await want(({ regions: { "eu-west-1": region } }) =>
        Object.assign(region ?? {}, { traffic: "removed", entry: { deletionProtection: false } }),
      );
      expect(await waysDuring(() => project.deploy("*"))).toEqual([[left, left]]);
      const { records, healthChecks } = await seen();
      expect(failoverIn(records)).toEqual(failoverOf("us-west-2", "us-east-1"));
      expect(records.filter((record) => record.includes("_eu-west-1"))).toEqual([]);
      expect(Object.keys(healthChecks).filter((name) => name.includes("eu-west-1"))).toEqual([]);

      expect(await waysDuring(() => project.destroy("eu-west-1"))).toEqual([[left, left]]);
      expect(Object.values(await inventoryOf(eu())).flat()).toEqual([]);
      expect((await eu().tagged("front")).filter((arn) => arn.includes(":eu-west-1:"))).toEqual([]);
      await want((file) => {
        Reflect.deleteProperty(file.regions, "eu-west-1");
        Object.assign(file.globalEndpoint ?? {}, { order: ["us-west-2", "us-east-1"] });
      });
      expect(await plansOf("domain", "us-east-1", "us-west-2", "global")).toEqual({
        domain: [],
        "us-east-1": [],
        "us-west-2": [],
        global: [],
      });
    },
  );

  step(
    "take-down: the global endpoint goes first, then the regions, then the validation record of its certificates",
    async () => {
      // What is looked for is there to be found.
      expect(kindsOf(await resourcesOf(["front"], [us(), eu(), west()], world))).toEqual(
        expect.arrayContaining([
          "acm certificate",
          "cloudwatch alarm",
          "health check",
          "kms key",
          "record A",
          "record AAAA",
          "record CNAME",
          "sns topic",
        ]),
      );
      await want((file) => Object.assign(file.entry, { deletionProtection: false }));
      await project.deployOne("us-east-1");
      const since = around().emulator.recordChanges.length;
      await project.destroy("global", "us-east-1", "us-west-2", "domain");

      expect(stacksOf(around().emulator.recordChanges.slice(since))).toEqual(["global", "regions", "domain"]);
      expect(await resourcesOf(["front"], [us(), eu(), west()], world)).toEqual([
        expect.stringMatching(/^arn:aws:kms:us-east-1:\d+:key\//),
        "arn:aws:s3:::example-front-tfstate",
        expect.stringMatching(/^arn:aws:s3:::example-front-tfstate-logs-[\da-f]+$/),
      ]);
    },
  );
});

/** The kinds of stacks that records were changed by, in order. */
function stacksOf(changes: readonly RecordChange[]): readonly string[] {
  const stacks = changes.map(({ record: { name } }) => {
    const rest = name.replace(/^_[0-9a-f]{32}\./, "");
    if (/^\w+-\w+-\d\.models\.example\.com$/.test(rest)) {
      return "regions";
    }
    return rest === name ? "global" : "domain";
  });
  return stacks.filter((stack, place) => stack !== stacks[place - 1]);
}

/** The records that route to regions in an order. */
function failoverIn(records: readonly string[]): readonly string[] {
  return records.filter((record) => record.includes("_failover"));
}

/** The same as it should be: each order within the one before it, and the name at the first. */
function failoverOf(...order: readonly string[]): readonly string[] {
  const nameOf = (regions: readonly string[]) => `${regions.join(".")}._failover.${NAME}`;
  const choice = (within: string, region: string, place: string) =>
    `A and AAAA ${within} "${region}" ${place} while front ${region} instances → _${region}.${NAME} by its health`;
  const within = (regions: readonly string[]): readonly string[] => {
    const [first = "", second = "", ...more] = regions;
    const rest = [second, ...more];
    return [
      choice(nameOf(regions), first, "primary"),
      ...(more.length === 0
        ? [choice(nameOf(regions), second, "secondary")]
        : [
            `A and AAAA ${nameOf(regions)} "the others" secondary → ${nameOf(rest)} by its health`,
            ...within(rest),
          ]),
    ];
  };
  return [`A and AAAA ${NAME} → ${nameOf(order)} by its health`, ...within(order)].sort();
}
