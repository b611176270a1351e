import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { TerraformOutput, Testing } from "cdktf";
import {
  type ServedGroup,
  ServingAlarms,
  type ServingAlarmsProps,
} from "../../../constructs/alarms/serving-alarms";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

const LoadBalancer = "app/chat/50dc6c495c0c9188";
const TargetGroup = "targetgroup/llama-main/73e2d6bc24d8a067";
const llama: ServedGroup = {
  id: "llama-main",
  targetGroupArnSuffix: TargetGroup,
  autoScalingGroupName: "chat.llama.main",
  leastHealthy: 2,
};
const pager = "arn:aws:sns:eu-west-1:123456789012:pager";
const chatRoom = "arn:aws:sns:eu-west-1:123456789012:chat-room";
const ownTopic = `\${aws_sns_topic.alarms_topic.arn}`;

function synthesize(props: Partial<ServingAlarmsProps> = {}) {
  const stack = new ServingStack(Testing.app(), "region");
  const made = new ServingAlarms(stack, "alarms", {
    namePrefix: "chat",
    loadBalancer: { arnSuffix: LoadBalancer },
    groups: [llama],
    ...props,
  });
  new TerraformOutput(stack, "topics", { value: made.topicArns, staticId: true });
  const text = Testing.synth(stack);
  const { resource, output } = JSON.parse(text);
  return {
    text,
    resource,
    alarms: resource.aws_cloudwatch_metric_alarm,
    topicArns: output.topics.value,
    shownAlarms: made.alarms.map(({ friendlyUniqueId }) => friendlyUniqueId),
  };
}

/** What a metric alarm on a share of failed requests compares. */
const share = (failures: string, dimensions: Record<string, string>) => [
  {
    id: "share",
    label: "failed requests in per cent",
    expression: "100 * failed / MAX([failed, FILL(requests, 0)])",
    return_data: true,
  },
  {
    id: "failed",
    metric: { namespace: "AWS/ApplicationELB", metric_name: failures, dimensions, period: 60, stat: "Sum" },
  },
  {
    id: "requests",
    metric: {
      namespace: "AWS/ApplicationELB",
      metric_name: "RequestCount",
      dimensions,
      period: 60,
      stat: "Sum",
    },
  },
];

const overFivePercentInThreeOfFiveMinutes = {
  comparison_operator: "GreaterThanThreshold",
  threshold: 5,
  evaluation_periods: 5,
  datapoints_to_alarm: 3,
};

const { text, alarms, shownAlarms } = synthesize();

/** Expects an alarm of this name that has these properties. */
const expectAlarm = (alarm_name: string, properties: object) =>
  expect(text).toHaveResourceWithProperties(CloudwatchMetricAlarm, { alarm_name, ...properties });

describe("too few healthy instances", () => {
  const name = "chat.llama-main.too-few-healthy";

  it("is named after the group", () => {
    expect(alarms["alarms_group_llama-main_too-few-healthy"].alarm_name).toBe(name);
  });

  it("counts the healthy instances of the group, as the load balancer node sees it that sees fewest", () =>
    expectAlarm(name, {
      namespace: "AWS/ApplicationELB",
      metric_name: "HealthyHostCount",
      dimensions: { LoadBalancer, TargetGroup },
      statistic: "Minimum",
      period: 60,
    }));

  it("is an alarm when for three minutes there are fewer than wanted", () =>
    expectAlarm(name, {
      comparison_operator: "LessThanThreshold",
      threshold: 2,
      evaluation_periods: 3,
      datapoints_to_alarm: 3,
    }));

  it("is an alarm when the target group is empty, which is when the metric is missing", () =>
    expectAlarm(name, { treat_missing_data: "breaching" }));

  it("says how many are wanted, and which Auto Scaling group to look at", () =>
    expectAlarm(name, {
      alarm_description: expect.stringMatching(
        /^Fewer than 2 instances of llama-main are healthy: .* Auto Scaling group chat\.llama\.main/,
      ),
    }));

  it("is no alarm for a group that may be empty, whose errors are watched all the same", () => {
    const idle = synthesize({ groups: [{ ...llama, leastHealthy: 0 }] });
    expect(Object.keys(idle.alarms).sort()).toEqual([
      "alarms_group_llama-main_connections",
      "alarms_group_llama-main_errors",
      "alarms_group_llama-main_unhealthy",
      "alarms_load-balancer_errors",
      "alarms_load-balancer_rejected-connections",
    ]);
  });
});

describe("missing spare instances", () => {
  const name = "chat.llama-main.below-min";
  const { text: withSize } = synthesize({ groups: [{ ...llama, size: { min: 5, launchTimeout: 1200 } }] });

  it("are an alarm when for longer than a launch takes fewer are in service than the minimum", () => {
    expect(withSize).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: name,
      namespace: "AWS/AutoScaling",
      metric_name: "GroupInServiceInstances",
      dimensions: { AutoScalingGroupName: "chat.llama.main" },
      statistic: "Maximum",
      period: 300,
      comparison_operator: "LessThanThreshold",
      threshold: 5,
      evaluation_periods: 5,
      datapoints_to_alarm: 5,
      treat_missing_data: "breaching",
    });
  });

  it("are no alarm for a group whose size is unknown, or may be 0", () => {
    expect(alarms).not.toHaveProperty("alarms_group_llama-main_spare");
    const idle = synthesize({ groups: [{ ...llama, size: { min: 0, launchTimeout: 1200 } }] });
    expect(idle.alarms).not.toHaveProperty("alarms_group_llama-main_spare");
  });

  it.each([299, 300, 1200, 7200])(
    "are none while an instance may still launch, for %p s",
    (launchTimeout) => {
      const { alarms: made } = synthesize({ groups: [{ ...llama, size: { min: 1, launchTimeout } }] });
      const { period, evaluation_periods } = made["alarms_group_llama-main_spare"];
      expect(period * evaluation_periods).toBeGreaterThan(launchTimeout);
      expect(period * evaluation_periods).toBeLessThanOrEqual(launchTimeout + period);
    },
  );
});

describe("a group at its maximum", () => {
  const size = { min: 5, launchTimeout: 1200, followsLoad: true };
  const named = "alarms_group_llama-main_at-max";

  it("is an alarm when for longer than a launch takes it wants all that it may have", () => {
    const { alarms: made } = synthesize({ groups: [{ ...llama, size }] });
    const dimensionsOfGroup = { AutoScalingGroupName: "chat.llama.main" };
    const sizeOf = (id: string, metric_name: string, stat: string) => ({
      id,
      metric: { namespace: "AWS/AutoScaling", metric_name, dimensions: dimensionsOfGroup, period: 300, stat },
    });
    expect(made[named]).toMatchObject({
      alarm_name: "chat.llama-main.at-max",
      metric_query: [
        { id: "full", expression: "(desired >= most) AND (most > least)", return_data: true },
        sizeOf("desired", "GroupDesiredCapacity", "Minimum"),
        sizeOf("most", "GroupMaxSize", "Maximum"),
        sizeOf("least", "GroupMinSize", "Maximum"),
      ],
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluation_periods: 5,
      datapoints_to_alarm: 5,
      treat_missing_data: "notBreaching",
    });
    expect(made[named].alarm_description).toContain(
      "raise the maximum of Auto Scaling group chat.llama.main",
    );
  });

  it("is no alarm where the group does not grow and shrink by itself", () => {
    const fixed = synthesize({ groups: [{ ...llama, size: { ...size, followsLoad: false } }] });
    expect(fixed.alarms).not.toHaveProperty([named]);
    expect(alarms).not.toHaveProperty([named]);
  });
});

describe("alarms that stop an instance refresh", () => {
  const stopping = (refresh: ServedGroup["refresh"], leastHealthy = 2) => {
    const stack = new ServingStack(Testing.app(), "region");
    const made = new ServingAlarms(stack, "alarms", {
      namePrefix: "chat",
      loadBalancer: { arnSuffix: LoadBalancer },
      groups: [{ ...llama, leastHealthy, refresh }],
    });
    new TerraformOutput(stack, "names", { value: made.stopRefresh("llama-main"), staticId: true });
    const { resource, output } = JSON.parse(Testing.synth(stack));
    const described = Object.values<{ alarm_name: string; alarm_description: string }>(
      resource.aws_cloudwatch_metric_alarm,
    );
    return {
      names: output.names.value,
      sayingSo: described
        .filter((alarm) => alarm.alarm_description.includes("stays on the new version"))
        .map((alarm) => alarm.alarm_name),
      text: JSON.stringify(described),
    };
  };
  const wayBack = "npm run back -- us-east-1 llama";

  it("can be named by the group, which then follows them", () => {
    expect(stopping({ stoppedBy: ["too-few-healthy", "instance-errors"], wayBack }).names).toEqual([
      `\${aws_cloudwatch_metric_alarm.alarms_group_llama-main_too-few-healthy.alarm_name}`,
      `\${aws_cloudwatch_metric_alarm.alarms_group_llama-main_errors.alarm_name}`,
    ]);
  });

  it("say that the group then stays on the new version, and the way back", () => {
    const { sayingSo, text } = stopping({ stoppedBy: ["instance-errors"], wayBack });
    expect(sayingSo).toEqual(["chat.llama-main.instance-errors"]);
    expect(text).toContain(`To go back: ${wayBack}.`);
  });

  it("are none that do not exist", () => {
    expect(stopping({ stoppedBy: ["too-few-healthy"], wayBack }, 0).names).toEqual([]);
    expect(stopping(undefined)).toMatchObject({ names: [], sayingSo: [] });
  });
});

describe("launches that fail", () => {
  const { resource } = synthesize({ email: "on-call@example.com", topicArns: [pager] });
  const rules = Object.values<{ event_pattern: string; name_prefix: string }>(
    resource.aws_cloudwatch_event_rule,
  );
  const targets = Object.values<{ arn: string; rule: string; input_transformer: object }>(
    resource.aws_cloudwatch_event_target,
  );

  it("are those of the group", () => {
    expect(rules.map(({ event_pattern }) => JSON.parse(event_pattern))).toEqual([
      {
        source: ["aws.autoscaling"],
        "detail-type": ["EC2 Instance Launch Unsuccessful"],
        detail: { AutoScalingGroupName: ["chat.llama.main"] },
      },
    ]);
  });

  it("are told to every topic, with the group's name and AWS's reason", () => {
    expect(targets.map(({ arn }) => arn)).toEqual([ownTopic, pager]);
    for (const { input_transformer } of targets) {
      expect(input_transformer).toEqual({
        input_paths: { group: "$.detail.AutoScalingGroupName", reason: "$.detail.StatusMessage" },
        input_template: expect.stringMatching(/^"Auto Scaling group <group> .*<reason>.*"$/),
      });
    }
  });

  it("have a rule whose name fits, however long that of the group is", () => {
    const long = synthesize({ topicArns: [pager], groups: [{ ...llama, id: "a".repeat(60) }] }).resource;
    const [rule] = Object.values<{ name_prefix: string }>(long.aws_cloudwatch_event_rule);
    expect(rule?.name_prefix).toHaveLength(64 - 26);
  });

  it("may be told by the topic of the address: its policy and its key allow EventBridge, without a condition", () => {
    const topic = JSON.parse(resource.aws_sns_topic_policy.alarms_topic_policy.policy).Statement;
    const key = JSON.parse(resource.aws_kms_key.alarms_topic_key.policy).Statement;
    const events = { Effect: "Allow", Principal: { Service: "events.amazonaws.com" } };
    expect(topic).toContainEqual({
      Sid: "EventsPublish",
      ...events,
      Action: "sns:Publish",
      Resource: ownTopic,
    });
    expect(key).toContainEqual({
      Sid: "EventsEncrypt",
      ...events,
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
    });
  });

  it("are told to nobody where nobody is notified", () => {
    expect(synthesize().resource).not.toHaveProperty("aws_cloudwatch_event_rule");
  });
});

describe("a disk that is nearly full", () => {
  const name = "chat.llama-main.disk-nearly-full";
  const { text: withDisks } = synthesize({
    groups: [{ ...llama, leastHealthy: 0, metricsNamespace: "ModelServing/chat" }],
  });

  it("is an alarm when for 15 minutes the fullest disk of the group is over 90 % full", () => {
    expect(withDisks).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: name,
      namespace: "ModelServing/chat",
      metric_name: "disk_used_percent",
      dimensions: { AutoScalingGroupName: "chat.llama.main" },
      statistic: "Maximum",
      period: 300,
      comparison_operator: "GreaterThanThreshold",
      threshold: 90,
      evaluation_periods: 3,
      datapoints_to_alarm: 3,
    });
  });

  it("does not go off without data of disks", () => {
    expect(withDisks).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: name,
      treat_missing_data: "notBreaching",
    });
  });

  it("does not exist for instances without a metrics namespace", () => {
    expect(Object.keys(alarms)).not.toContain("alarms_group_llama-main_disk");
    expect(Object.keys(synthesize({ groups: [{ ...llama, metricsNamespace: "a" }] }).alarms)).toContain(
      "alarms_group_llama-main_disk",
    );
  });
});

describe("an instance that stays unhealthy", () => {
  it("is an alarm after 15 minutes, and none while there is no instance", () =>
    expectAlarm("chat.llama-main.instance-unhealthy", {
      metric_name: "UnHealthyHostCount",
      dimensions: { LoadBalancer, TargetGroup },
      statistic: "Maximum",
      period: 300,
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      evaluation_periods: 3,
      datapoints_to_alarm: 3,
      treat_missing_data: "notBreaching",
    }));
});

describe("connections that fail", () => {
  it("are an alarm in 3 of 5 minutes", () =>
    expectAlarm("chat.llama-main.connection-errors", {
      metric_name: "TargetConnectionErrorCount",
      dimensions: { LoadBalancer, TargetGroup },
      statistic: "Sum",
      threshold: 0,
      evaluation_periods: 5,
      datapoints_to_alarm: 3,
      treat_missing_data: "notBreaching",
    }));
});

describe("slow answers", () => {
  it("are an alarm where one request in a hundred waits longer than it may", () => {
    const { text: withSilence } = synthesize({ groups: [{ ...llama, longestSilence: 90 }] });
    expect(withSilence).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "chat.llama-main.slow-answers",
      metric_name: "TargetResponseTime",
      dimensions: { LoadBalancer, TargetGroup },
      extended_statistic: "p99",
      comparison_operator: "GreaterThanThreshold",
      threshold: 90,
      evaluation_periods: 5,
      datapoints_to_alarm: 3,
      treat_missing_data: "notBreaching",
    });
  });

  it("are no alarm where nobody says how long", () => {
    expect(Object.keys(alarms)).not.toContain("alarms_group_llama-main_slow");
    expect(() => synthesize({ groups: [{ ...llama, longestSilence: 0 }] })).toThrow(
      "longestSilence of llama-main",
    );
  });
});

describe("errors of the instances", () => {
  const name = "chat.llama-main.instance-errors";

  it("are named after the group", () => {
    expect(alarms["alarms_group_llama-main_errors"].alarm_name).toBe(name);
  });

  it("are the share of the group's requests that its instances answer with 5xx", () =>
    expectAlarm(name, {
      metric_query: share("HTTPCode_Target_5XX_Count", { LoadBalancer, TargetGroup }),
    }));

  it("are an alarm when they are over 5 % in 3 of 5 minutes", () =>
    expectAlarm(name, overFivePercentInThreeOfFiveMinutes));

  it("are no alarm when there are no requests", () =>
    expectAlarm(name, { treat_missing_data: "notBreaching" }));

  it("say whose they are, and which Auto Scaling group to look at", () =>
    expectAlarm(name, {
      alarm_description: expect.stringMatching(
        /^The instances of llama-main answered more than 5 % .* Auto Scaling group chat\.llama\.main/,
      ),
    }));
});

describe("errors of the load balancer", () => {
  const name = "chat.load-balancer-errors";

  it("are named after it", () => {
    expect(alarms["alarms_load-balancer_errors"].alarm_name).toBe(name);
  });

  it("are the share of all requests that it fails itself", () =>
    expectAlarm(name, { metric_query: share("HTTPCode_ELB_5XX_Count", { LoadBalancer }) }));

  it("are an alarm when they are over 5 % in 3 of 5 minutes", () =>
    expectAlarm(name, overFivePercentInThreeOfFiveMinutes));

  it("are no alarm when there are none, which is when the metric is missing", () =>
    expectAlarm(name, { treat_missing_data: "notBreaching" }));

  it.each([502, 503, 504])("say what %p means", (status) =>
    expectAlarm(name, {
      alarm_description: expect.stringMatching(new RegExp(`HTTPCode_ELB_${status}_Count \\(.+\\)`)),
    }),
  );
});

describe("rejected connections", () => {
  const name = "chat.rejected-connections";

  it("are named after what they are", () => {
    expect(alarms["alarms_load-balancer_rejected-connections"].alarm_name).toBe(name);
  });

  it("are counted over the load balancer", () =>
    expectAlarm(name, {
      namespace: "AWS/ApplicationELB",
      metric_name: "RejectedConnectionCount",
      dimensions: { LoadBalancer },
      statistic: "Sum",
      period: 60,
    }));

  it("are an alarm from the first", () =>
    expectAlarm(name, {
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      evaluation_periods: 1,
      datapoints_to_alarm: 1,
    }));

  it("are no alarm when there are none, which is when the metric is missing", () =>
    expectAlarm(name, { treat_missing_data: "notBreaching" }));

  it("say what to look at", () =>
    expectAlarm(name, { alarm_description: expect.stringContaining("ActiveConnectionCount") }));
});

describe("recipients", () => {
  const recipients = (props: Partial<ServingAlarmsProps>) =>
    Object.values<{ alarm_actions?: string[]; ok_actions?: string[] }>(synthesize(props).alarms);

  it("of an alarm is the address, by a topic made for it", () => {
    expect(recipients({ email: "on-call@example.com" }).map((alarm) => alarm.alarm_actions)).toEqual(
      Array(6).fill([ownTopic]),
    );
  });

  it("of its end is the same", () => {
    expect(recipients({ email: "on-call@example.com" }).map((alarm) => alarm.ok_actions)).toEqual(
      Array(6).fill([ownTopic]),
    );
  });

  it("are existing topics too", () => {
    const alarms = recipients({ email: "on-call@example.com", topicArns: [pager] });
    expect(alarms.map((alarm) => alarm.alarm_actions)).toEqual(Array(6).fill([ownTopic, pager]));
  });

  it("may be existing topics alone, and then none is made", () => {
    const { resource, topicArns } = synthesize({ topicArns: [pager] });
    expect(topicArns).toEqual([pager]);
    expect(Object.keys(resource)).not.toContain("aws_sns_topic");
  });

  it("are notified once, in whatever order the topics are given", () => {
    expect(synthesize({ topicArns: [pager, chatRoom, pager] }).text).toBe(
      synthesize({ topicArns: [chatRoom, pager] }).text,
    );
  });

  it("may be nobody: the alarms stand without actions", () => {
    const alarms = recipients({});
    expect(alarms).toHaveLength(6);
    expect(alarms.flatMap((alarm) => [alarm.alarm_actions, alarm.ok_actions])).toEqual(
      Array(12).fill(undefined),
    );
  });

  it("are at most five topics, that of the address included", () => {
    const topicArns = ["a", "b", "c", "d", "e"].map((name) => `arn:aws:sns:eu-west-1:123456789012:${name}`);
    expect(synthesize({ topicArns }).topicArns).toHaveLength(5);
    expect(() => synthesize({ topicArns, email: "on-call@example.com" })).toThrow(
      "number of topics, including the topic of the email, must be a whole number from 0 to 5; got 6",
    );
  });

  it("can be read from the construct", () => {
    const props = { email: "on-call@example.com", topicArns: [pager, chatRoom] };
    expect(synthesize(props).topicArns).toEqual([ownTopic, chatRoom, pager]);
  });
});

describe("the topic made for an address", () => {
  const synthesized = synthesize({ email: "on-call@example.com", tags: { Team: "ml" } });

  it("is named after the prefix", () => {
    expect(synthesized.text).toHaveResourceWithProperties(SnsTopic, { name: "chat-alarms" });
  });

  it("sends to that address", () => {
    expect(synthesized.text).toHaveResourceWithProperties(SnsTopicSubscription, {
      endpoint: "on-call@example.com",
    });
  });

  it("has the tags", () => {
    expect(synthesized.text).toHaveResourceWithProperties(SnsTopic, { tags: { Team: "ml" } });
  });
});

describe("all alarms", () => {
  it("have the tags", () => {
    const tagged = synthesize({ tags: { Team: "ml" } }).alarms;
    expect(Object.values<{ tags: object }>(tagged).map(({ tags }) => tags)).toEqual(
      Array(6).fill({ Team: "ml" }),
    );
  });

  it("stand before the ones they replace go", () => {
    expect(Object.values<{ lifecycle: object }>(alarms).map(({ lifecycle }) => lifecycle)).toEqual(
      Array(6).fill({ create_before_destroy: true }),
    );
  });

  it("can be read from the construct", () => {
    expect(shownAlarms).toEqual([
      "alarms_load-balancer_errors",
      "alarms_load-balancer_rejected-connections",
      "alarms_group_llama-main_too-few-healthy",
      "alarms_group_llama-main_errors",
      "alarms_group_llama-main_unhealthy",
      "alarms_group_llama-main_connections",
    ]);
  });

  it("have different names, even for a group called like the load balancer", () => {
    const groups = [llama, { ...llama, id: "load-balancer" }];
    const named = Object.values<{ alarm_name: string }>(synthesize({ groups }).alarms);
    expect(new Set(named.map(({ alarm_name }) => alarm_name)).size).toBe(10);
  });

  it("of a group are not touched by another one", () => {
    const more = synthesize({ groups: [{ ...llama, id: "a-main" }, llama] }).alarms;
    expect(more).toMatchObject(alarms);
  });
});

it("refuses two groups of one id", () => {
  expect(() => synthesize({ groups: [llama, llama] })).toThrow("llama-main");
});
