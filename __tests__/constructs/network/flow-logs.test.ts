import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Testing } from "cdktf";
import { FlowLogs, type FlowLogsSettings } from "../../../constructs/network/flow-logs";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";
import { addressesIn } from "../../support/addresses";

function synthesize(settings: Partial<FlowLogsSettings> = {}): string {
  const stack = new ServingStack(Testing.app(), "region");
  new FlowLogs(stack, "traffic", {
    vpcId: "vpc-1",
    logGroupName: "/vpc/chat/flow-logs",
    retentionDays: 30,
    ...settings,
  });
  return Testing.synth(stack);
}

describe("flow logs", () => {
  const synthesized = synthesize();
  const { resource } = JSON.parse(synthesized);

  it("record all traffic of the VPC in a log group", () => {
    expect(synthesized).toHaveResourceWithProperties(FlowLog, {
      vpc_id: "vpc-1",
      traffic_type: "ALL",
      log_destination_type: "cloud-watch-logs",
      log_destination: `\${aws_cloudwatch_log_group.traffic_group.arn}`,
      iam_role_arn: `\${aws_iam_role.traffic_writer.arn}`,
    });
  });

  it("have addresses that say what each part is", () => {
    expect(addressesIn(synthesized)).toEqual([
      "aws_cloudwatch_log_group.traffic_group",
      "aws_flow_log.traffic_flow-log",
      "aws_iam_policy.traffic_may-write",
      "aws_iam_role.traffic_writer",
      "aws_iam_role_policy_attachment.traffic_needs",
    ]);
  });

  it("are kept as many days as configured", () => {
    expect(synthesized).toHaveResourceWithProperties(CloudwatchLogGroup, {
      name: "/vpc/chat/flow-logs",
      retention_in_days: 30,
    });
  });

  it("are encrypted with the key that is given", () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    expect(synthesize({ kmsKeyArn })).toHaveResourceWithProperties(CloudwatchLogGroup, {
      kms_key_id: kmsKeyArn,
    });
  });

  it("are written in a role only the flow-log service takes, and only for this account", () => {
    expect(JSON.parse(resource.aws_iam_role.traffic_writer.assume_role_policy).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": `\${data.aws_caller_identity.traffic_account.account_id}` },
        },
      },
    ]);
  });

  it("are all that role may write", () => {
    expect(synthesized).toHaveResourceWithProperties(IamRolePolicyAttachment, {
      role: `\${aws_iam_role.traffic_writer.name}`,
      policy_arn: `\${aws_iam_policy.traffic_may-write.arn}`,
    });
    const statements = JSON.parse(resource.aws_iam_policy["traffic_may-write"].policy).Statement;
    expect(statements).toEqual([
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: [`\${aws_cloudwatch_log_group.traffic_group.arn}:*`],
      },
      { Effect: "Allow", Action: ["logs:DescribeLogGroups"], Resource: ["*"] },
    ]);
  });
});
