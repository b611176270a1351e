import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { ARN_FORMS } from "../../aws/arn";
import { LOG_GROUP_NAME } from "../../aws/limits";
import { requireArn, requireId, requireText } from "../require-within";

/** Settings of {@link FlowLogs} besides the VPC. */
export interface FlowLogsSettings {
  /**
   * Days a record is kept: one of the numbers CloudWatch Logs accepts (CloudWatch Logs API, PutRetentionPolicy).
   * Terraform checks it.
   */
  readonly retentionDays: number;
  /**
   * ARN of the KMS key to encrypt the records with. Its policy must allow CloudWatch Logs to use it.
   * @default none: encrypted with a key CloudWatch Logs manages
   */
  readonly kmsKeyArn?: string;
}

/** Props of {@link FlowLogs}. */
export interface FlowLogsProps extends FlowLogsSettings {
  /** The VPC whose traffic is recorded, accepted and rejected. */
  readonly vpcId: string;
  /** Name of the log group. */
  readonly logGroupName: string;
}

/**
 * Records the connections of a VPC in CloudWatch Logs. The records show afterwards whether a security group rejected a
 * connection, or an instance connected to an unexpected address.
 *
 * Source: VPC user guide, "Publish flow logs to CloudWatch Logs".
 */
export class FlowLogs extends Construct {
  /** The log group of the records. */
  public readonly logGroup: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    requireId("vpcId", props.vpcId, "vpc");
    requireText("logGroupName", props.logGroupName, LOG_GROUP_NAME);
    requireArn("kmsKeyArn", props.kmsKeyArn, ARN_FORMS.keyOrAlias);
    this.logGroup = new CloudwatchLogGroup(this, "group", {
      name: props.logGroupName,
      retentionInDays: props.retentionDays,
      kmsKeyId: props.kmsKeyArn,
    });
    new FlowLog(this, "flow-log", {
      vpcId: props.vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: this.logGroup.arn,
      iamRoleArn: this.writerRole().arn,
    });
  }

  private writerRole(): IamRole {
    const account = new DataAwsCallerIdentity(this, "account");
    const role = new IamRole(this, "writer", {
      description: `Lets VPC flow logs write to ${this.logGroup.name}.`,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
            Action: "sts:AssumeRole",
            // Without this, other accounts could make the service write their records (confused deputy).
            Condition: { StringEquals: { "aws:SourceAccount": account.accountId } },
          },
        ],
      }),
    });
    const policy = new IamPolicy(this, "may-write", {
      description: "What VPC flow logs need to write, and no more",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            // Without :* it is the ARN that only the actions about tags take.
            Resource: [`${this.logGroup.arn}:*`],
          },
          // AWS accepts no narrower resource than * for this (Service Authorization Reference, Amazon CloudWatch Logs).
          { Effect: "Allow", Action: ["logs:DescribeLogGroups"], Resource: ["*"] },
        ],
      }),
    });
    new IamRolePolicyAttachment(this, "needs", { role: role.name, policyArn: policy.arn });
    return role;
  }
}
