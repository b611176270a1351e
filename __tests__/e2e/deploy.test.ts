import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { filesOf } from "../boot/facts";
import type { WrittenFile } from "../support/serving-file";
import type { Json } from "../support/synthesis";
import { type Eyes, lookAt } from "./aws";
import { chat, minimal, smallModel } from "./deployments";
import { existingIn, onceStill } from "./existing";
import { inventoryInState, inventoryOf } from "./inventory";
import { kindsOf, resourcesOf } from "./leftovers";
import { inBrief, leftToChange, type PlannedChange, plannedChanges } from "./plan-changes";
import { stillRunning } from "./process-tree";
import type { Running } from "./processes";
import { createProject, type Project } from "./project";
import { importsOfAll, lostResources, resourcesInFlight } from "./recovery";
import { seeRegion } from "./region-seen";
import { say, step } from "./steps";
import { suite } from "./suite";
import { terraformIn } from "./terraform";
import { createWorld, type World } from "./world";

suite("deployed for real", (around) => {
  /** Two regions over HTTPS. */
  let two: Project;
  /** The smallest example, in a network that was there before. */
  let one: Project;
  let world: World;
  /** What `two` is to be; each step goes on from where the last one left it. */
  const wanted = chat();
  const us = (): Eyes => lookAt(around().emulator.endpoint, "us-east-1");
  const eu = (): Eyes => lookAt(around().emulator.endpoint, "eu-west-1");

  /** What would become of us-east-1 if the file were changed like this; it is changed back. */
  async function planned(change: (file: WrittenFile) => void): Promise<readonly PlannedChange[]> {
    const changed = structuredClone(wanted);
    change(changed);
    two.write(changed);
    await two.synthesize();
    return plannedChanges(await two.terraform("us-east-1").plan());
  }

  step(
    "bootstrap: nothing can be deployed before the state bucket, which then keeps encrypted, versioned states",
    async () => {
      two = createProject("chat", around());
      two.write(wanted);
      say("makes what a team has before its first deploy: a hosted zone, a VPC, the AMIs of AWS");
      world = await createWorld(around().emulator.endpoint, { "us-east-1": 2, "eu-west-1": 0 });
      await expect(two.deploy("*")).rejects.toThrow('S3 bucket "example-chat-tfstate" does not exist');
      one = createProject("minimal", around());
      one.write(minimal(world.networkIn("us-east-1")));
      say(
        "waits a minute: the provider reads the settings of the buckets until S3 has given the same answer ten times",
      );
      await Promise.all([two.deploy("state"), one.deploy("state")]);

      expect(await us().bucket("example-chat-tfstate")).toMatchObject({
        versioning: "Enabled",
        encryption: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } }] },
        publicAccess: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      });
      expect(existsSync(path.join(two.folder, "terraform.chat.state.tfstate"))).toBe(true);
    },
  );

  step("deploy: two regions at once, and the minimal example", async () => {
    say("waits for the load balancers, for which the provider takes a minute");
    await Promise.all([two.deploy("*-*"), one.deploy("us-east-1")]);

    expect(await us().objects("example-chat-tfstate")).toEqual(["eu-west-1.tfstate", "us-east-1.tfstate"]);
    expect(await us().objects("example-minimal-tfstate")).toEqual(["us-east-1.tfstate"]);
  });

  step("deploy: AWS itself shows both regions as they are configured", async () => {
    // By their ids use1-az1, -az2 and -az4, and euw1-az1 and -az2: the first ones that have the instance types.
    const zones = ["us-east-1b", "us-east-1c", "us-east-1d"];
    const targetGroup = {
      speaks: "HTTP1 at 8000",
      health: "/health every 10 s within 5 s by 200",
      thresholds: "healthy after 2, unhealthy after 3",
      targets: 3,
      attributes: attributesWith({ "deregistration_delay.timeout_seconds": "330" }),
    };
    const instances = {
      sizes: "3 to 6",
      types: ["g6.2xlarge", "g5.2xlarge"],
      zones,
      healthCheck: "ELB",
      version: "1",
      imdsV2: true,
      encrypted: true,
      publicAddress: false,
    };
    const llama = "llama-canary 5, llama-stable 95";
    const answers = {
      "POST chat.example.com/v1/chat/completions x-model: llama": llama,
      "GET chat.example.com/v1/models x-model: llama": llama,
      "POST chat.example.com/v1/load_lora_adapter x-model: llama": "404",
      "POST chat.example.com/llama/v1/load_lora_adapter": llama, // by a path of its own, which opens all
      "POST chat.example.com/qwen/v1/chat/completions": "qwen-main 100",
      "GET chat.example.com/qwen/v1/responses/resp_1": "qwen-main 100",
      "DELETE chat.example.com/qwen/v1/chat/completions": "404",
      "GET chat.example.com/qwen/metrics": "404",
      "GET chat.example.com/v1/models": "200",
      "POST chat.example.com/v1/chat/completions": "404",
    };
    const american = await seeRegion(us(), "chat", Object.keys(answers));
    expect(american).toEqual({
      zones,
      listeners: ["443: HTTPS by ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09 → 404", "80: HTTP → HTTPS 443"],
      answers,
      targetGroups: { "llama-canary": targetGroup, "llama-stable": targetGroup, "qwen-main": targetGroup },
      instances: {
        "chat.llama.canary": { ...instances, targetGroups: ["llama-canary"] },
        "chat.llama.stable": { ...instances, targetGroups: ["llama-stable"] },
        "chat.qwen.main": { ...instances, targetGroups: ["qwen-main"] },
      },
    });
    const european = await seeRegion(eu(), "chat", Object.keys(answers));
    const inTwoZones = Object.entries(american.instances).map(([name, each]) => [
      name,
      { ...each, zones: ["eu-west-1b", "eu-west-1c"] },
    ]);
    expect(european).toEqual({
      ...american,
      zones: ["eu-west-1b", "eu-west-1c"],
      instances: Object.fromEntries(inTwoZones),
    });

    for (const eyes of [us(), eu()]) {
      const balancer = (await eyes.loadBalancers()).find((each) =>
        each.LoadBalancerName?.startsWith("chat-"),
      );
      expect(await eyes.loadBalancerAttributes(balancer?.LoadBalancerArn)).toMatchObject({
        "idle_timeout.timeout_seconds": "330",
        "routing.http.drop_invalid_header_fields.enabled": "true",
        "access_logs.s3.enabled": "true",
        "connection_logs.s3.enabled": "true",
        "deletion_protection.enabled": "false",
        "zonal_shift.config.enabled": "true",
      });
    }
  });

  step("deploy: AWS itself shows the minimal example as it is configured", async () => {
    const zones = ["us-east-1a", "us-east-1b"];
    const answers = { "POST 10.0.0.1/v1/chat/completions": "llama-main 100", "GET 10.0.0.1/metrics": "404" };
    expect(await seeRegion(us(), "minimal", Object.keys(answers))).toEqual({
      zones,
      listeners: ["80: HTTP → 404"],
      answers,
      targetGroups: {
        "llama-main": {
          speaks: "HTTP1 at 8000",
          health: "/health every 30 s within 3 s by 200",
          thresholds: "healthy after 2, unhealthy after 2",
          targets: 2,
          attributes: attributesWith({ "deregistration_delay.timeout_seconds": "150" }),
        },
      },
      instances: {
        "minimal.llama.main": {
          sizes: "2 to 3",
          types: ["g6.xlarge", "g5.xlarge"],
          zones,
          healthCheck: "ELB",
          targetGroups: ["llama-main"],
          version: "1",
          imdsV2: true,
          encrypted: true,
          publicAddress: true,
        },
      },
    });
  });

  step("second plan: nothing is left to change", async () => {
    const plans = [
      two.terraform("state").plan(),
      two.terraform("us-east-1").plan(),
      two.terraform("eu-west-1").plan(),
      one.terraform("us-east-1").plan(),
    ];
    const changes = (await Promise.all(plans)).map(leftToChange);
    expect(changes).toEqual([[], [], [], []]);
  });

  const raiseMax = ({ models: { qwen } }: WrittenFile) =>
    Object.assign(qwen ?? {}, { capacity: { min: 3, max: 8 } });
  const moveWeight = ({ models: { llama } }: WrittenFile) =>
    Object.assign(llama?.variants?.canary ?? {}, { weight: 20 }) &&
    Object.assign(llama?.variants?.stable ?? {}, { weight: 80 });
  const addModel = ({ models }: WrittenFile) => Object.assign(models, { mistral: smallModel() });
  const addRoute = ({ models: { llama } }: WrittenFile) => llama?.routes?.push({ host: "llama.example.com" });
  const newImage = ({ models: { qwen } }: WrittenFile) =>
    Object.assign(qwen ?? {}, { image: "vllm/vllm-openai:v0.19.0" });
  const newVolume = ({ models: { qwen } }: WrittenFile) =>
    Object.assign(qwen ?? {}, { volume: { iops: 4000 } });

  step("change: a higher maximum changes its group and nothing else", async () => {
    expect(inBrief(await planned(raiseMax))).toEqual(["1 update aws_autoscaling_group max_size"]);
  });

  step("change: another weight changes the rules of its model and nothing else", async () => {
    expect(inBrief(await planned(moveWeight))).toEqual([
      "3 update aws_lb_listener_rule action.forward.target_group.weight",
    ]);
  });

  step("change: another model and another route change nothing but the list of models", async () => {
    const changes = await planned((file) => [addModel(file), addRoute(file)]);
    expect(inBrief(changes.filter(({ verb }) => verb !== "create"))).toEqual([
      "1 update aws_lb_listener_rule action.fixed_response.message_body",
    ]);
    expect(inBrief(changes)).toEqual(
      expect.arrayContaining(["1 create aws_autoscaling_group", "3 create aws_lb_listener_rule"]),
    );
  });

  step(
    "change: another image, or another launch setting, is a new template version that the group uses",
    async () => {
      const newVersion = new Set(["update aws_launch_template", "update aws_autoscaling_group"]);
      for (const change of [newImage, newVolume]) {
        const changes = await planned(change);
        expect(new Set(changes.map(({ verb, type }) => `${verb} ${type}`))).toEqual(newVersion);
        expect(changes).toHaveLength(2);
      }
    },
  );

  step("change: all of these at once and in place", async () => {
    const before = await us().launchTemplates();
    for (const change of [raiseMax, moveWeight, addModel, addRoute, newImage, newVolume]) {
      change(wanted);
    }
    two.write(wanted);
    await two.deploy("us-east-1");

    const llama = "llama-canary 20, llama-stable 80";
    const answers = {
      "POST chat.example.com/v1/completions x-model: llama": llama,
      "POST llama.example.com/v1/completions": llama,
      "POST llama.example.com/v1/load_lora_adapter": "404",
      "POST chat.example.com/llama/v1/completions": llama,
      "POST chat.example.com/mistral/v1/completions": "mistral-main 100",
      "POST chat.example.com/qwen/v1/completions": "qwen-main 100",
    };
    const seen = await seeRegion(us(), "chat", Object.keys(answers));
    expect(seen.answers).toEqual(answers);
    expect(seen.instances).toMatchObject({
      "chat.llama.stable": { sizes: "3 to 6", version: "1" },
      "chat.mistral.main": { sizes: "3 to 6", version: "1" },
      "chat.qwen.main": { sizes: "3 to 8", version: "2" },
    });
    expect(around().emulator.refreshes).toEqual(["chat.qwen.main"]);
    const after = await us().launchTemplates();
    const ofQwen = after.find(({ LaunchTemplateName }) => LaunchTemplateName?.includes("qwen"));
    const second = await us().launchTemplateVersion(ofQwen?.LaunchTemplateId, "2");
    expect(second?.BlockDeviceMappings?.[0]?.Ebs?.Iops).toBe(4000);
    expect(factsIn(second?.UserData)).toContain("INSTANCE_IMAGE='vllm/vllm-openai:v0.19.0'");
    expect(after.map(({ LaunchTemplateId }) => LaunchTemplateId)).toEqual(
      expect.arrayContaining(before.map(({ LaunchTemplateId }) => LaunchTemplateId)),
    );
    expect(leftToChange(await two.terraform("us-east-1").plan())).toEqual([]);
  });

  step(
    "change: another port or protocol is another target group, to which the rule forwards before the old one is destroyed",
    async () => {
      const newPortAndProtocol = ({ models: { qwen, mistral } }: WrittenFile) => [
        Object.assign(qwen ?? {}, { port: 9000 }),
        Object.assign(mistral ?? {}, { protocol: "grpc", arguments: ["--grpc"], probe: "health" }),
      ];
      const changes = await planned(newPortAndProtocol);
      const replaced = changes.filter(({ verb }) => verb !== "update");
      expect(inBrief(replaced)).toEqual([
        "1 create aws_vpc_security_group_egress_rule",
        "1 create aws_vpc_security_group_ingress_rule",
        "1 destroy aws_vpc_security_group_egress_rule",
        "1 destroy aws_vpc_security_group_ingress_rule",
        "2 replace aws_lb_target_group",
      ]);
      newPortAndProtocol(wanted);
      two.write(wanted);
      await two.synthesize();
      const log = await two.terraform("us-east-1").apply();

      const targetGroups = addressesOf(changes, "aws_lb_target_group");
      const rules = addressesOf(changes, "aws_lb_listener_rule");
      const at = (address: string, what: string) => lineOf(log, new RegExp(`${address}.*: ${what}`));
      expect([targetGroups.length, rules.length]).toEqual([2, 3]); // the third is the list of models
      for (const model of ["qwen", "mistral"]) {
        const [targetGroup = "none"] = targetGroups.filter((address) => address.includes(`.model_${model}_`));
        const [rule = "none"] = rules.filter((address) => address.includes(`.rule_${model}-`));
        const lines = [
          at(targetGroup, "Creation complete"),
          at(rule, "Modifications complete"),
          at(targetGroup, "Destroying"),
        ];
        expect(lines).toEqual([...lines].sort((one, other) => one - other));
      }
      const seen = await seeRegion(us(), "chat");
      expect(seen.targetGroups).toMatchObject({
        "qwen-main": { speaks: "HTTP1 at 9000", targets: 3 },
        "mistral-main": { speaks: "GRPC at 8000", targets: 3 },
      });
      expect((await inventoryOf(us())).aws_lb_target_group).toHaveLength(5);
    },
  );

  step(
    "rename: refused with a sentence; on request the new is created before the old is destroyed",
    async () => {
      two.write({ ...wanted, name: "talk" });
      await expect(two.deploy("us-east-1")).rejects.toThrow(/deployed under the name "chat"/);
      await expect(two.terraform("us-east-1").plan()).rejects.toThrow(/deployed under the name "chat"/);

      const plan = await two.terraform("us-east-1").plan("-replace=terraform_data.deployment-name");
      const interrupted = plannedChanges(plan).filter(({ verb }) => verb === "destroy first, then create");
      expect(inBrief(interrupted)).toEqual([
        "1 destroy first, then create aws_cloudwatch_log_group",
        "1 destroy first, then create aws_flow_log",
        "1 destroy first, then create aws_s3_bucket_lifecycle_configuration",
        "1 destroy first, then create aws_s3_bucket_notification",
        "1 destroy first, then create aws_s3_bucket_server_side_encryption_configuration",
        "1 destroy first, then create aws_s3_bucket_versioning",
        "1 destroy first, then create aws_sns_topic_policy",
        "4 destroy first, then create aws_autoscaling_policy",
      ]);
      two.write(wanted);
    },
  );

  let first: Running;
  let lockId: string;

  step("two writers: the second is refused and changes nothing", async () => {
    say("holds a first apply in eu-west-1 while AWS makes an Auto Scaling group");
    const standstill = around().emulator.keepBackAnswerTo("CreateAutoScalingGroup");
    first = two.startDeploy("eu-west-1");
    await Promise.race([standstill, first.ended.then(() => Promise.reject(new Error(first.output())))]);
    const look = () => existingIn(eu(), "chat", world);
    const before = await onceStill(look);

    const colleague = createProject("colleague", around());
    colleague.write(wanted);
    await expect(colleague.deploy("eu-west-1")).rejects.toThrow("Error acquiring the state lock");
    const refusal: unknown = await colleague
      .terraform("eu-west-1")
      .apply()
      .catch((error: unknown) => error);

    expect(String(refusal)).toContain("Error acquiring the state lock");
    lockId = /ID:\s+([0-9a-f-]{36})/.exec(String(refusal))?.[1] ?? "";
    expect(await look()).toEqual(before);
  });

  step("state survives: after an apply is killed, the next one continues from what it made", async () => {
    const killed = first.kill();
    expect(killed.map(({ command }) => command)).toContainEqual(expect.stringMatching(/\bterraform apply /));
    expect(await stillRunning(killed)).toEqual([]);
    expect(await first.ended).toBeNull();
    expect(await us().objects("example-chat-tfstate")).toContain("eu-west-1.tfstate.tflock");

    await two.terraform("eu-west-1").run("force-unlock", "-force", lockId);
    const { imports, taken } = lostResources(first.output(), await two.terraform("eu-west-1").state());
    expect(taken).toContain("aws_lb_target_group.model_qwen_main_targets");
    for (const address of taken) {
      await two.terraform("eu-west-1").run("state", "mv", address, `${address}_replaced`);
    }
    const inFlight = resourcesInFlight(first.output()).filter((address) =>
      address.startsWith("aws_autoscaling_group."),
    );
    expect(inFlight).toHaveLength(1);
    const found = inFlight.map((to) => ({ to, id: "chat.mistral.main" }));
    const recovery = path.join(two.stackFolder("eu-west-1"), "recovery.tf.json");
    writeFileSync(recovery, JSON.stringify({ import: [...imports, ...found] }));
    say(
      `imports ${imports.length} resources that Terraform made and did not write down, and 1 it does not know of`,
    );
    await two.deploy("eu-west-1");
    rmSync(recovery);

    const seen = await inventoryOf(eu());
    expect(inventoryInState(await two.terraform("eu-west-1").state(), Object.keys(seen))).toEqual(seen);
    for (const type of ["aws_autoscaling_group", "aws_lb_target_group", "aws_launch_template"]) {
      expect(seen[type]).toHaveLength(4);
    }
    expect((await seeRegion(eu(), "chat")).instances).toMatchObject({
      "chat.mistral.main": { sizes: "3 to 6" },
    });
    const roles = (await eu().roles()).filter(({ RoleName = "" }) => RoleName.startsWith("chat.mistral."));
    expect(roles).toHaveLength(2);
    expect(leftToChange(await two.terraform("eu-west-1").plan())).toEqual([]);
  });

  step("state survives: if it is lost, imports restore all of it, and replace nothing", async () => {
    const state = await two.terraform("eu-west-1").state();
    const folder = path.join(around().folder, "lost");
    const imports = importsOfAll(state);
    const stack = JSON.parse(readFileSync(path.join(two.stackFolder("eu-west-1"), "cdk.tf.json"), "utf8"));
    delete stack.terraform.backend;
    mkdirSync(folder);
    writeFileSync(path.join(folder, "cdk.tf.json"), JSON.stringify({ ...stack, import: imports }));
    const plan = await terraformIn(folder, around()).plan();

    const changes = plannedChanges(plan);
    expect(plan.resource_changes.filter(({ change }: Json) => change.importing)).toHaveLength(imports.length);
    expect(inBrief(changes.filter(({ verb }) => verb !== "import" && verb !== "update"))).toEqual([
      "1 create aws_acm_certificate_validation",
      "8 create terraform_data",
    ]);
  });

  step("take-down: nothing of ours is left but the state bucket", async () => {
    // What is looked for is there to be found.
    const existing = await resourcesOf(["chat", "minimal"], [us(), eu()], world);
    expect(kindsOf(existing)).toEqual([
      "acm certificate",
      "address",
      "cloudwatch alarm",
      "ec2 flow-logs",
      "ec2 internet-gateway",
      "ec2 route-table",
      "ec2 security-group",
      "ec2 subnet",
      "ec2 vpc",
      "elasticloadbalancing loadbalancer",
      "elasticloadbalancing targetgroup",
      "endpoint",
      "flow log",
      "group",
      "instance",
      "kms key",
      "launch template",
      "logs log-group",
      "nat gateway",
      "policy",
      "profile",
      "record A",
      "record CNAME",
      "role",
      "s3 bucket",
      "scaling policy",
      "sns topic",
      "target group",
      "vpc",
    ]);
    say("waits until nothing uses the networks any more");
    await Promise.all([two.destroy("*-*"), one.destroy("us-east-1")]);
    await expect(two.destroy("state")).rejects.toThrow("Invoking Terraform CLI failed");
    await expect(two.terraform("state").run("destroy", "-no-color", "-auto-approve")).rejects.toThrow(
      /Instance cannot be destroyed[\s\S]*prevent_destroy/,
    );

    expect(await resourcesOf(["chat", "minimal"], [us(), eu()], world)).toEqual([
      expect.stringMatching(/^arn:aws:kms:us-east-1:\d+:key\//),
      expect.stringMatching(/^arn:aws:kms:us-east-1:\d+:key\//),
      "arn:aws:s3:::example-chat-tfstate",
      expect.stringMatching(/^arn:aws:s3:::example-chat-tfstate-logs-[\da-f]+$/),
      "arn:aws:s3:::example-minimal-tfstate",
      expect.stringMatching(/^arn:aws:s3:::example-minimal-tfstate-logs-[\da-f]+$/),
    ]);
    expect(await us().objects("example-chat-tfstate")).toEqual(["eu-west-1.tfstate", "us-east-1.tfstate"]);
  });
});

/** What every target group has, and what it has besides. */
const attributesWith = (more: Readonly<Record<string, string>>) =>
  expect.objectContaining({
    "load_balancing.algorithm.type": "least_outstanding_requests",
    "slow_start.duration_seconds": "0",
    "stickiness.enabled": "false",
    "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
    ...more,
  });

/** The facts of the instances of a launch template. */
const factsIn = (userData = "") =>
  filesOf(Buffer.from(userData, "base64")).get("/etc/model-server/instance.sh") ?? "";

function addressesOf(changes: readonly PlannedChange[], type: string): readonly string[] {
  return changes.filter((change) => change.type === type).map(({ address }) => address);
}

/** @throws Error when no line matches */
function lineOf(log: string, pattern: RegExp): number {
  const line = log.split("\n").findIndex((each) => pattern.test(each));
  if (line < 0) {
    throw new Error(`no line matches ${pattern}`);
  }
  return line;
}
