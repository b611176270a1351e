import type { Service } from "../table";

/** What the resources of EventBridge become. */
export const events: Service = {
  service: "events",
  blocks: {
    aws_cloudwatch_event_rule: {
      request: "PutRuleRequest",
      arguments: { name_prefix: "Name" },
      provided: ["Name"],
    },
    aws_cloudwatch_event_target: {
      request: "PutTargetsRequest",
      arguments: {
        arn: "Targets.Arn",
        target_id: "Targets.Id",
        input: "Targets.Input",
        input_transformer: "Targets.InputTransformer",
        "input_transformer.input_paths": "InputPathsMap",
      },
      provided: ["Targets"],
    },
  },
};
