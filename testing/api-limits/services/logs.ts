import { LOG_RETENTION_DAYS } from "../../../aws/log-retention";
import { limited, oneOf, type Service } from "../table";

const [first, ...others] = LOG_RETENTION_DAYS;

/** What the resources of CloudWatch Logs become. */
export const logs: Service = {
  service: "logs",
  blocks: {
    aws_cloudwatch_log_group: {
      request: "CreateLogGroupRequest",
      arguments: {
        name: "logGroupName",
        retention_in_days: limited(
          "PutRetentionPolicyRequest:retentionInDays",
          oneOf("CloudWatch Logs API, PutRetentionPolicy", String(first), ...others.map(String)),
        ),
      },
      provided: ["logGroupName"],
    },
  },
};
