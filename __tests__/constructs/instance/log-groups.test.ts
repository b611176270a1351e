import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Testing } from "cdktf";
import { LogGroups, type LogGroupsProps } from "../../../constructs/instance/log-groups";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

function synthesize(props: Partial<LogGroupsProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "stack");
  new LogGroups(stack, "logs", {
    names: { server: "/chat/llama/main/server", boot: "/chat/llama/main/boot" },
    retentionDays: 30,
    ...props,
  });
  return Testing.synth(stack);
}

const groupsOf = (synthesized: string) => JSON.parse(synthesized).resource.aws_cloudwatch_log_group;

it("each have their name, at an address that names their content", () => {
  const groups = groupsOf(synthesize());
  expect(Object.keys(groups)).toEqual(["logs_boot", "logs_server"]);
  expect(groups.logs_server.name).toBe("/chat/llama/main/server");
});

it("have a retention time, and the key of CloudWatch", () => {
  for (const group of Object.values<Record<string, unknown>>(groupsOf(synthesize()))) {
    expect(group.retention_in_days).toBe(30);
    expect(group).not.toHaveProperty("kms_key_id");
  }
});

it("are encrypted with a given key, and tagged, when configured", () => {
  const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1234";
  const synthesized = synthesize({ names: { a: "/a" }, kmsKeyArn, tags: { team: "serving" } });
  expect(synthesized).toHaveResourceWithProperties(CloudwatchLogGroup, {
    kms_key_id: kmsKeyArn,
    tags: { team: "serving" },
  });
});

it("can be referred to by the same keys", () => {
  const logs = new LogGroups(new ServingStack(Testing.app(), "stack"), "logs", {
    names: { boot: "/a" },
    retentionDays: 1,
  });
  expect(logs.groups.boot).toBeInstanceOf(CloudwatchLogGroup);
});
