import { entryCost } from "../../config/plan/costs";
import { valid, validFile, type WrittenFile } from "../support/serving-file";
import { resourcesOfType, synthesized } from "../support/synthesis";

function regionWith(entry: Partial<WrittenFile["entry"]>, more: Partial<WrittenFile> = {}) {
  const { deployment } = valid({ ...validFile(), ...more, entry: { ...validFile().entry, ...entry } });
  return { region: deployment.regions[0], stack: synthesized(deployment)["us-east-1"] };
}

describe("a region with a web ACL", () => {
  const { stack } = regionWith({ waf: {} });

  it("has it before its load balancer", () => {
    expect(resourcesOfType(stack, "aws_wafv2_web_acl")).toEqual([
      expect.objectContaining({ name: "chat", scope: "REGIONAL" }),
    ]);
    expect(resourcesOfType(stack, "aws_wafv2_web_acl_association")).toEqual([
      expect.objectContaining({
        resource_arn: `\${aws_lb.entry_alb.arn}`,
        web_acl_arn: `\${aws_wafv2_web_acl.entry_waf.arn}`,
      }),
    ]);
  });

  it("encrypts its log as the others", () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/1234";
    const logs = resourcesOfType(
      regionWith({ waf: {} }, { observability: { kmsKeyArn } }).stack,
      "aws_cloudwatch_log_group",
    );
    expect(logs.find(({ name }) => name === "aws-waf-logs-chat")?.kms_key_id).toBe(kmsKeyArn);
  });

  it("costs what AWS charges for the web ACL and its rules", () => {
    const [without, plain] = [{}, { waf: {} }].map((entry) => {
      const { region } = regionWith(entry);
      return region && entryCost(region).atMin.value;
    });
    expect(((plain ?? 0) - (without ?? 0)) * 730).toBeCloseTo(5 + 6, 6);
  });
});

describe("the limit of an address", () => {
  const limited = (more: Partial<WrittenFile>) => {
    const [acl] = resourcesOfType(regionWith({ waf: {} }, more).stack, "aws_wafv2_web_acl");
    return JSON.stringify(acl?.rule[0].statement.rate_based_statement);
  };

  it("leaves out Route 53's health checks where there are some", () => {
    const globalEndpoint = { routing: "latency" } as const;
    expect(limited({ globalEndpoint })).toContain("well-known");
    expect(limited({ globalEndpoint: { ...globalEndpoint, health: { requests: false } } })).not.toContain(
      "well-known",
    );
    expect(limited({})).not.toContain("well-known");
  });
});

test("every region outputs its load balancer, for a web ACL of another tool", () => {
  expect(regionWith({}).stack?.output.alb_arn.value).toBe(`\${aws_lb.entry_alb.arn}`);
});
