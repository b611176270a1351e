// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { judge, stateOf } from "../../controls/judge";
import { OURS } from "../../controls/ours";
import { asInput, readInput } from "../../controls/read";
import { jsonReport } from "../../controls/report/json";
import { markdownReport } from "../../controls/report/markdown";
import { terminalReport } from "../../controls/report/text";
import { unusedAcceptances } from "../../controls/unused";
import type { Json } from "../../testing/terraform/json";

const PUBLIC = { stack: { resource: { aws_lb: { x: { name: "x", internal: false } } } } };

function stateIn(stack: Json, id: string) {
  const result = judge(asInput({ stack })).results.find(({ rule }) => rule.ids.includes(id));
  return result && { state: stateOf(result), why: result.notKnown[0]?.detail };
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "controls-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

describe("an acceptance", () => {
  const accept = (id: string, stack?: string) => ({ id, stack, reason: "a firewall", path: ["accept", id] });

  test("accepts what fails, by any id of the rule, with its reason", () => {
    const report = judge(asInput(PUBLIC), [accept("CKV2_AWS_28"), accept("NIST-ALBWAFEnabled")]);
    const result = report.results.find(({ rule }) => rule.ids.includes("ELB.16"));
    expect(result).toMatchObject({ failed: [], accepted: [{ reason: "a firewall" }] });
    expect(report.unused).toEqual([]);
  });

  test("of a region is about its stack only", () => {
    const report = judge(asInput({ a: PUBLIC.stack, b: PUBLIC.stack }), [accept("ELB.16", "a")]);
    const result = report.results.find(({ rule }) => rule.ids.includes("ELB.16"));
    expect(result?.failed.map(({ part }) => part.stack)).toEqual(["b"]);
  });

  test.each([
    ["CKV_AWS_9999", "no control of this id is judged"],
    ["CKV2_AWS_82", "no control of this id is judged; did you mean"],
    ["CKV_AWS_51", "there is none of what it is about, aws_ecr_repository; remove the line"],
    ["CKV_AWS_328", "this control passes here; remove the line"],
    ["EC2.172", "this control is not judged: it is a setting of the account"],
  ])("of %s accepts nothing, and says why", (id, why) => {
    const acceptances = [accept(id)];
    const report = judge(asInput(PUBLIC), acceptances);
    const [found] = unusedAcceptances(report, acceptances);
    expect(found).toMatchObject({ code: "acceptance-unused", path: ["accept", id] });
    expect(found?.message).toContain(why);
  });
});

describe("an id is taken as scanners print it", () => {
  const statement = { Effect: "Allow", Action: ["s3:Get*", "s3:PutObject"], Resource: "*" };
  const policies = {
    stack: { resource: { aws_iam_policy: { x: { policy: JSON.stringify({ Statement: [statement] }) } } } },
  };
  const accept = (...ids: readonly string[]) =>
    ids.map((id) => ({ id, reason: `because of ${id}`, path: ["accept", id] }));

  test.each([
    "AwsSolutions-ELB2",
    "NIST.800.53.R4-ELBLoggingEnabled",
    "NIST.800.53.R5-ELBLoggingEnabled",
    "HIPAA.Security-ELBLoggingEnabled",
    "PCI.DSS.321-ELBLoggingEnabled",
    "CKV_AWS_91",
    "ELB.5",
  ])("%s", (id) => {
    const report = judge(asInput(PUBLIC), accept(id));
    const result = report.results.find(({ rule }) => rule.ids.includes("CKV_AWS_91"));
    expect([result?.failed, result?.accepted.length, report.unused]).toEqual([[], 1, []]);
  });

  test("AVD-AWS-0053", () => {
    const report = judge(asInput(PUBLIC), accept("AVD-AWS-0053"));
    const result = report.results.find(({ rule }) => rule.ids.includes("AWS-0053"));
    expect([result?.accepted.length, report.unused]).toEqual([1, []]);
  });

  const found = (...ids: readonly string[]) => {
    const acceptances = accept(...ids);
    const report = judge(asInput(policies), acceptances);
    const result = report.results.find(({ rule }) => rule.ids.includes("AwsSolutions-IAM5"));
    return { result, unused: unusedAcceptances(report, acceptances).map(({ message }) => message) };
  };

  test("with each finding, which together accept what fails", () => {
    const ids = ["AwsSolutions-IAM5[Resource::*]", "AwsSolutions-IAM5[Action::s3:Get*]"];
    const { result, unused } = found(...ids);
    expect([result?.failed, unused]).toEqual([[], []]);
    expect(result?.accepted[0]?.reason).toBe(
      "because of AwsSolutions-IAM5[Action::s3:Get*]; because of AwsSolutions-IAM5[Resource::*]",
    );
  });

  test("with one finding of several, which leaves the others", () => {
    const { result, unused } = found("AwsSolutions-IAM5[Resource::*]");
    expect(result?.failed).toMatchObject([{ detail: "Action::s3:Get*, Resource::*" }]);
    expect(unused).toEqual([]);
  });

  test.each([
    ["AwsSolutions-IAM5[Resource::x*]", "it does not find Resource::x* in what fails here"],
    ["CKV_AWS_290[Resource::*]", "this control finds one thing only; write CKV_AWS_290"],
    ["HIPAA.Security-ELBLoggingEnable", "no control of this id is judged; did you mean"],
  ])("%s accepts nothing, and says why", (id, why) => {
    expect(found(id).unused).toEqual([expect.stringContaining(why)]);
  });
});

describe("what only Terraform knows the number of", () => {
  const logged = (more: object, lb: object = {}) => ({
    resource: {
      aws_s3_bucket: { x: { bucket: "x", ...lb } },
      aws_s3_bucket_logging: { x: { bucket: "${aws_s3_bucket.x[0].id}", target_bucket: "y", ...more } },
    },
  });

  test.each<[string, object, string]>([
    ["a number", { count: 2 }, "passed"],
    ["none", { count: 0 }, "failed"],
    ["none by a local", { count: "${local.none}" }, "failed"],
    ["a variable", { count: "${var.logs}" }, "not known"],
    ["a choice", { count: "${var.logs ? 1 : 0}" }, "not known"],
    ["some by name", { for_each: { a: 1 } }, "passed"],
    ["none by name", { for_each: {} }, "failed"],
    ["a function", { for_each: "${toset(var.names)}" }, "not known"],
  ])("is judged as far as it is known: %s", (_what, more, state) => {
    const stack = { ...logged(more), locals: { none: 0 } };
    expect(stateIn(stack, "CKV_AWS_18")?.state).toBe(state);
  });

  test("is told, with what depends on it", () => {
    const report = judge(asInput({ stack: logged({ count: "${var.logs}" }, { for_each: "${var.names}" }) }));
    const result = report.results.find(({ rule }) => rule.ids.includes("CKV_AWS_18"));
    expect(result?.notKnown[0]?.detail).toBe("how many there are of aws_s3_bucket_logging.x");
    expect(terminalReport(report)).toContain(
      "judged as one each, since only Terraform knows how many there are: stack aws_s3_bucket.x, stack aws_s3_bucket_logging.x",
    );
  });

  test("does not matter where the verdict is the same without it", () => {
    const { x: a } = logged({}).resource.aws_s3_bucket_logging;
    const more = { a, b: { ...a, count: "${var.logs}" } };
    const stack = { resource: { ...logged({}).resource, aws_s3_bucket_logging: more } };
    expect(stateIn(stack, "CKV_AWS_18")?.state).toBe("passed");
  });
});

test("the report says what was not looked at", () => {
  const stack = {
    resource: {
      aws_lb: { x: { dynamic: { access_logs: { for_each: "${var.logs}", content: {} } } } },
      aws_s3_bucket: { x: { bucket: "x" } },
      aws_s3_bucket_accelerate_configuration: { x: { bucket: "x" } },
      aws_autoscaling_attachment: { x: { autoscaling_group_name: "x" } },
      aws_autoscaling_group: { x: { name: "x" } },
      google_compute_instance: { x: {} },
    },
    data: { aws_region: { x: {} } },
    provider: { google: {} },
    module: { vpc: { source: "./vpc" } },
    check: { health: {} },
  };
  const report = terminalReport(judge(asInput({ stack })));
  expect(report).toContain('stack: aws_lb.x: what dynamic "access_logs" makes of its blocks');
  expect(report).toContain("stack: module.vpc lies elsewhere");
  expect(report).toContain("stack: the section check");
  expect(report).toContain(
    "no control is about aws_s3_bucket_accelerate_configuration, data.aws_region, google_compute_instance, provider.google",
  );
  expect(report).toContain("looked at only to judge what they belong to: aws_autoscaling_attachment");
});

describe("what is nested very deep", () => {
  const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);

  test("is said, and the rest is judged", () => {
    const folder = folderWith({
      "a.tf.json": JSON.stringify(PUBLIC.stack),
      "b.tf.json": `{"resource": {"aws_lb": {"y": ${"[".repeat(50_000)}${"]".repeat(50_000)}}}}`,
    });
    const input = readInput(folder);
    expect(input.notRead).toEqual([expect.stringContaining("b.tf.json is nested more than 200 levels deep")]);
    expect(judge(input).results.flatMap(({ failed }) => failed).length).toBeGreaterThan(5);
  });

  test("in memory is said too", () => {
    const { notRead } = asInput({ a: PUBLIC.stack, b: { resource: { aws_lb: { x: nested(2000) } } } });
    expect(notRead).toEqual(["b is nested more than 200 levels deep"]);
  });

  test.each([
    ["an expression", `\${${"(".repeat(20_000)}1${")".repeat(20_000)}}`],
    ["a policy", `{"Statement":[{"Effect":"Allow","Action":${"[".repeat(9000)}"x"${"]".repeat(9000)}}]}`],
  ])("in the text of %s cannot be judged", (_what, policy) => {
    const { state } = stateIn({ resource: { aws_iam_policy: { x: { policy } } } }, "CKV_AWS_63") ?? {};
    expect(state).toBe("not known");
  });
});

describe("an expression", () => {
  const logs = (kms_key_id: string, more: object = {}) => ({
    resource: { aws_cloudwatch_log_group: { x: { name: "x", kms_key_id } }, ...more },
    locals: { key: "arn:aws:kms:x" },
  });

  test.each([
    ["a local", "${local.key}", "passed", undefined],
    ["a reference", "${aws_kms_key.x.arn}", "passed", undefined],
    ["a variable", "${var.key}", "not known", "${var.key}"],
    ["a member of a variable", "${var.keys.logs}", "not known", "${var.keys.logs}"],
    ["an output of a module", "${module.keys.logs}", "not known", "${module.keys.logs}"],
    ["what repeats a part", "${each.value.key}", "not known", "${each.value.key}"],
    ["a function", '${lookup(var.keys, "logs")}', "not known", '${lookup(var.keys, "logs")}'],
    ["a choice", '${var.own ? "a" : "b"}', "not known", '${var.own ? "a" : "b"}'],
    ["what nobody can read", "${{{", "not known", "${{{"],
  ])("that is %s is judged as far as it is known", (_what, expression, state, why) => {
    expect(stateIn(logs(expression), "CKV_AWS_158")).toEqual({ state, why });
  });

  test("in a policy is read from a document, and from jsonencode", () => {
    const statement = { actions: ["*"], resources: ["*"] };
    const policy = (text: string) => ({ resource: { aws_iam_policy: { x: { policy: text } } } });
    const documented = {
      ...policy("${data.aws_iam_policy_document.x.json}"),
      data: { aws_iam_policy_document: { x: { statement } } },
    };
    const admin = judge(asInput({ stack: documented })).results.find(({ rule }) =>
      rule.ids.includes("IAM.1"),
    );
    expect(admin?.failed.map(({ part }) => part.address)).toContain("aws_iam_policy.x");
    expect(
      stateIn(
        policy('${jsonencode({Statement = [{Effect = "Allow", Action = "*", Resource = "*"}]})}'),
        "CKV_AWS_63",
      ),
    ).toMatchObject({ state: "failed" });
    expect(stateIn(policy('${file("policy.json")}'), "CKV_AWS_63")).toMatchObject({ state: "not known" });
    expect(stateIn(policy("no JSON"), "CKV_AWS_63")).toMatchObject({ state: "not known", why: "no JSON" });
  });

  test("that repeats a block leaves it open", () => {
    const body = { dynamic: { access_logs: { for_each: "${var.logs}", content: { enabled: true } } } };
    expect(stateIn({ resource: { aws_lb: { x: body } } }, "CKV_AWS_91")).toEqual({
      state: "not known",
      why: 'dynamic "access_logs"',
    });
  });
});

test.each<[string, Json]>([
  ["nothing", {}],
  ["null", null],
  ["a list", []],
  ["a text", "x"],
  ["numbers", { resource: 5, data: [7], provider: 1, locals: 2 }],
  ["a resource that is a text", { resource: { aws_lb: "x" } }],
  ["a body that is a number", { resource: { aws_lb: { x: 5 } } }],
  [
    "arguments of other kinds",
    { resource: { aws_lb: { x: { access_logs: 5, internal: {}, subnets: "x", idle_timeout: [] } } } },
  ],
  [
    "listeners of other kinds",
    { resource: { aws_lb_listener: { x: { port: {}, protocol: 7, default_action: "x" } } } },
  ],
  ["a policy that is a list", { resource: { aws_iam_policy: { x: { policy: "[1]" } } } }],
  [
    "statements of other kinds",
    {
      resource: { aws_iam_policy: { x: { policy: '{"Statement":[1,null,{"Condition":5,"Principal":7}]}' } } },
    },
  ],
  [
    "a value that leads to itself",
    { locals: { a: "${local.b}", b: "${local.a}" }, resource: { aws_lb: { x: { internal: "${local.a}" } } } },
  ],
  [
    "names of JavaScript",
    { resource: { constructor: { toString: {} }, aws_lb: { hasOwnProperty: { dynamic: null } } } },
  ],
])("%s is judged without a failure of the program", (_what, json) => {
  const report = judge(asInput({ stack: json }));
  expect(report.results.length).toBeGreaterThan(150);
  for (const text of [terminalReport(report), markdownReport(report), jsonReport(report)]) {
    expect(text).not.toContain("⟨");
  }
});

describe("input", () => {
  test("is a folder of synthesized stacks", () => {
    const folder = folderWith({
      "stacks/a/cdk.tf.json": JSON.stringify(PUBLIC.stack),
      "stacks/b/cdk.tf.json": "{",
    });
    const { stacks, notRead } = readInput(folder);
    expect(Object.keys(stacks)).toEqual(["a", "b"]);
    expect(notRead).toEqual([expect.stringContaining("b/cdk.tf.json is not JSON")]);
  });

  test("is a folder of Terraform JSON, read as one, and what is no JSON is said", () => {
    const folder = folderWith({
      "a.tf.json": '{"resource": [{"aws_lb": {"a": {"internal": true}}}], "module": {"vpc": {}}}',
      "b.tf.json": '{"resource": {"aws_lb": {"b": [{"internal": true}]}}}',
      "main.tf": "",
    });
    const input = readInput(folder);
    expect(input.notRead).toEqual([
      expect.stringContaining("main.tf is not JSON"),
      expect.stringContaining("module.vpc lies elsewhere"),
    ]);
    const result = judge(input).results.find(({ rule }) => rule.ids.includes("AWS-0053"));
    expect(result?.passed.map(({ part }) => part.address)).toEqual(["aws_lb.a", "aws_lb.b"]);
  });

  test.each([
    ["a file that is broken", { "a.tf.json": "{" }, "a.tf.json is not JSON"],
    ["a stack that is broken", { "stacks/a/cdk.tf.json": "[1" }, "cdk.tf.json is not JSON"],
    ["no stack", { "stacks/README.md": "" }, "no resource, data source or provider of Terraform"],
    ["a plan", { "plan.tf.json": '{"resource_changes": []}' }, "no resource, data source or provider"],
    ["another program", { "a.tf.json": '{"Resources": {"LB": {}}}' }, "no resource, data source or provider"],
    ["a module alone", { "a.tf.json": '{"module": {"vpc": {}}}' }, "module.vpc lies elsewhere"],
  ])("of %s is nothing to judge, and fails", (_what, files, why) => {
    expect(() => readInput(folderWith(files))).toThrow("has nothing to judge: ");
    expect(() => readInput(folderWith(files))).toThrow(why);
  });

  test("has to be there", () => {
    const folder = folderWith({ "README.md": "" });
    expect(() => readInput(folder)).toThrow("has no Terraform JSON");
    expect(() => readInput(path.join(folder, "nowhere"))).toThrow("does not exist");
  });
});

test.each<[string, Json, string]>([
  ["a bucket", { aws_s3_bucket: { x: { bucket: "weights" } } }, "S3.20"],
  ["a lock of objects", { aws_s3_bucket: { x: { bucket: "weights" } } }, "S3.15"],
  ["a key", { aws_kms_key: { x: { deletion_window_in_days: 30 } } }, "KMS.3"],
  ["a VPC", { aws_vpc: { x: { cidr_block: "10.0.0.0/16" } } }, "EC2.10"],
  [
    "an alarm beside one that notifies",
    {
      aws_cloudwatch_metric_alarm: {
        x: { alarm_name: "x" },
        y: { alarm_name: "y", alarm_actions: ["arn:x"] },
      },
    },
    "CloudWatch.15",
  ],
])("this project accepts nothing of %s that it does not make", (_what, resource, id) => {
  const result = judge(asInput({ stack: { resource } })).results.find(({ rule }) => rule.ids.includes(id));
  expect([result?.failed.length, result?.accepted]).toEqual([1, []]);
});

test("this project accepts at most ten controls, each of a rule that no field closes there, each with a reason", () => {
  expect(OURS.length).toBeLessThanOrEqual(10);
  expect(OURS.filter(({ reason }) => !/^[A-Z].{60,}\.$/.test(reason))).toEqual([]);
});
