import { catalogueOf, RULES, ruleById } from "../../controls/all";
import { judge, type Result } from "../../controls/judge";
import { NOT_JUDGED } from "../../controls/not-judged";
import { asInput } from "../../controls/read";
import { closing } from "../../controls/report/text";
import { schemaFields } from "../support/schema-fields";
import { autoScaling } from "./cases/auto-scaling";
import type { Cases, Terraform } from "./cases/case";
import { ec2, never } from "./cases/ec2";
import { identity } from "./cases/identity";
import { loadBalancing } from "./cases/load-balancing";
import { storage } from "./cases/storage";
import { tags } from "./cases/tags";
import { waf } from "./cases/waf";

const cases: Cases = { ...loadBalancing, ...waf, ...autoScaling, ...ec2, ...identity, ...storage, ...tags };
const rules = Object.values(RULES).flat();

/** The stack of a case. `aws_lb[]` has resources by their names. */
function stackOf(terraform: Terraform): object {
  const stack: Record<string, Record<string, unknown>> = { resource: {}, data: {}, provider: {} };
  for (const [key, body] of Object.entries(terraform)) {
    const [, kind = "resource", type = ""] = /^(?:(data|provider)\.)?(.*?)(?:\[\])?$/.exec(key) ?? [];
    const section = stack[kind] ?? {};
    section[type] = kind === "provider" ? [body] : key.endsWith("[]") ? body : { x: body };
  }
  return stack;
}

function resultOf(id: string, terraform: Terraform): Result {
  const { results } = judge(asInput({ stack: stackOf(terraform) }));
  const result = results.find(({ rule }) => rule.ids[0] === id);
  if (result === undefined) {
    throw new Error(`no rule begins with ${id}`);
  }
  return result;
}

test("every rule has a case in which it passes and one in which it fails", () => {
  const firsts = rules.map(({ ids: [first] }) => first).sort();
  expect([...Object.keys(cases), ...Object.keys(never)].sort()).toEqual(firsts);
});

test.each(Object.entries(cases))("%s passes and fails", (id, [passes, fails]) => {
  const good = resultOf(id, passes);
  expect({ ...good, passed: good.passed.length > 0 }).toMatchObject({
    passed: true,
    failed: [],
    accepted: [],
    notKnown: [],
  });
  const bad = resultOf(id, fails);
  expect(bad.failed.length + bad.accepted.length).toBeGreaterThan(0);
  expect(bad.notKnown).toEqual([]);
});

test.each(Object.entries(never))("%s fails wherever there is one", (id, terraform) => {
  expect(resultOf(id, terraform).failed).toHaveLength(1);
  expect(resultOf(id, {})).toMatchObject({ passed: [], failed: [], notKnown: [] });
});

describe("what is written in an unusual way is judged alike", () => {
  const policy = (...statements: readonly object[]): Terraform => ({
    aws_iam_policy: {
      policy: JSON.stringify({ Statement: statements.map((each) => ({ Effect: "Allow", ...each })) }),
    },
  });
  const ingress = (...cidr_blocks: readonly string[]): Terraform => ({
    aws_security_group: { ingress: [{ from_port: 22, to_port: 22, protocol: "tcp", cidr_blocks }] },
  });
  const loadBalancer = (rule: object): Terraform => ({
    aws_lb: { security_groups: [reference("aws_security_group.x.id")] },
    aws_security_group: {
      ingress: [{ from_port: 443, to_port: 443, protocol: "tcp", cidr_blocks: ["::/0"] }],
    },
    aws_lb_listener: {
      load_balancer_arn: reference("aws_lb.x.arn"),
      default_action: [{ type: "jwt-validation" }, { type: "forward" }],
    },
    aws_lb_listener_rule: { listener_arn: reference("aws_lb_listener.x.arn"), ...rule },
  });
  const deny = { Effect: "Deny", Action: "s3:PutObject", Principal: { Service: "logging.s3.amazonaws.com" } };

  test.each<[string, string, Terraform]>([
    ["CKV_AWS_62", "all but some actions", policy({ NotAction: ["ec2:*"], Resource: "*" })],
    [
      "CKV_AWS_288",
      "all but some resources",
      policy({ Action: "s3:GetObject", NotResource: "arn:aws:s3:::a/*" }),
    ],
    ["AWS-0345", "a service in capitals", policy({ Action: "S3:*", Resource: "arn:aws:s3:::a/*" })],
    [
      "CKV2_AWS_40",
      "a service in capitals",
      policy({ Action: "IAM:*", Resource: "arn:aws:iam::123456789012:role/x" }),
    ],
    ["CKV_AWS_63", "several stars", policy({ Action: "**", Resource: "**" })],
    [
      "CKV_AWS_60",
      "all but some principals",
      {
        aws_iam_role: {
          assume_role_policy: JSON.stringify({
            Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", NotPrincipal: { AWS: "x" } }],
          }),
        },
      },
    ],
    ["CKV_AWS_24", "both halves of all addresses", ingress("0.0.0.0/1", "128.0.0.0/1")],
    ["CKV_AWS_24", "all addresses with zeros", ingress("0000:0000::/0")],
    ["MLSEC-12", "one rule of several that asks nobody", loadBalancer({ action: [{ type: "forward" }] })],
    [
      "CKV_AWS_145",
      "a bucket whose policy names a service of logs, to refuse it",
      {
        aws_s3_bucket: { bucket: "x" },
        aws_s3_bucket_policy: {
          bucket: reference("aws_s3_bucket.x.id"),
          policy: JSON.stringify({ Statement: [deny] }),
        },
      },
    ],
  ])("%s: %s", (id, _, terraform) => {
    const { failed, accepted } = resultOf(id, terraform);
    expect([failed.length, accepted]).toEqual([1, []]);
  });

  test("MLSEC-12: rules of health checks prove nothing", () => {
    const condition = [{ path_pattern: [{ values: ["/.well-known/health/llama"] }] }];
    const { passed } = resultOf("MLSEC-12", loadBalancer({ action: [{ type: "forward" }], condition }));
    expect(passed).toHaveLength(1);
  });
});

/** An expression of Terraform. */
function reference(to: string): string {
  return `$\{${to}}`;
}

test("an id names one rule, and is from a catalogue that is known", () => {
  const ids = rules.flatMap((rule) => rule.ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => catalogueOf(id) === "")).toEqual([]);
  expect(Object.keys(NOT_JUDGED).filter((id) => ruleById.has(id) || catalogueOf(id) === "")).toEqual([]);
});

test("every field that closes a control is one of serving.yaml", () => {
  const fields = schemaFields();
  const missing = rules
    .flatMap(({ closedBy = [] }) => closedBy)
    .filter((named) => !fields.some((field) => field === named || field.startsWith(`${named}.`)));
  expect([...new Set(missing)]).toEqual([]);
});

test("what fails names each field that closes it, and what the first costs", () => {
  const result = resultOf("ELB.16", { aws_lb: { internal: false } });
  expect(closing(result)).toBe(
    "closed by entry.waf or entry.webAclArn, about $11 a month for each region, a web ACL with the 6 rules of entry.waf, and $0.60 a million requests",
  );
  expect(closing(resultOf("EC2.55", { aws_vpc: {} }))).toBe(
    "closed by regions.*.network.create.endpoints, about $7.30 a month for each endpoint and zone",
  );
});
