import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Fn, TerraformOutput, Testing, Token } from "cdktf";
import { InstanceRole, type InstanceRoleProps } from "../../../constructs/instance/instance-role";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

const minimal: InstanceRoleProps = { namePrefix: "chat-main", autoScalingGroupName: "chat.llama.main" };

function synthesize(props: Partial<InstanceRoleProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "stack");
  new InstanceRole(stack, "role", { ...minimal, ...props });
  return Testing.synth(stack);
}

/** The statements of the instance's policy, with its data sources made short. */
function statements(props: Partial<InstanceRoleProps> = {}) {
  const [policy] = Object.values<{ policy: string }>(JSON.parse(synthesize(props)).resource.aws_iam_policy);
  const readable = policy?.policy.replace(/\$\{data\.aws_[a-z_]+\.role_([a-z]+)\.[a-z_]+\}/g, "<$1>");
  return JSON.parse(readable ?? "{}").Statement;
}

const statement = (sid: string, props: Partial<InstanceRoleProps>) =>
  statements(props).find((one: { Sid?: string }) => one.Sid === sid);

describe("a role without further needs", () => {
  const synthesized = synthesize();

  it("can be assumed by EC2 alone, under the name EC2 has in the partition", () => {
    expect(synthesized).toHaveResourceWithProperties(IamRole, {
      assume_role_policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: `ec2.\${data.aws_partition.role_partition.dns_suffix}` },
          },
        ],
      }),
    });
  });

  it("may complete the lifecycle actions of its own Auto Scaling group, and nothing else", () => {
    expect(statements({ sessionManager: false })).toEqual([
      {
        Sid: "CompleteOwnLifecycleActions",
        Effect: "Allow",
        Action: ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
        Resource: [
          "arn:<partition>:autoscaling:<region>:<account>:autoScalingGroup:*:autoScalingGroupName/chat.llama.main",
        ],
      },
    ]);
  });

  it("can be reached with Session Manager, without the right to read the account's parameters", () => {
    expect(statement("SessionManager", {})).toMatchObject({
      Action: [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: ["*"],
    });
    expect(statement("ReportToSystemsManager", {})).toEqual({
      Sid: "ReportToSystemsManager",
      Effect: "Allow",
      Action: ["ssm:UpdateInstanceInformation"],
      Resource: ["arn:<partition>:ec2:<region>:<account>:instance/*"],
    });
    expect(synthesized).not.toContain("ssm:GetParameter");
    expect(synthesized).not.toContain("AmazonSSMManagedInstanceCore");
  });

  it("outputs the ARN of its instance profile", () => {
    const stack = new ServingStack(Testing.app(), "stack");
    new TerraformOutput(stack, "arn", { value: new InstanceRole(stack, "role", minimal).instanceProfileArn });
    expect(JSON.parse(Testing.synth(stack)).output.arn.value).toBe(
      `\${aws_iam_instance_profile.role_profile.arn}`,
    );
  });

  it("names its Auto Scaling group in its description", () => {
    expect(synthesized).toHaveResourceWithProperties(IamRole, {
      description: "What the instances of chat.llama.main may do",
    });
    expect(synthesized).toHaveResourceWithProperties(IamPolicy, {
      description: "What the instances of chat.llama.main need, and no more",
    });
  });

  it("has a policy in the current language", () => {
    const { policy } = JSON.parse(synthesized).resource.aws_iam_policy.role_policy;
    expect(JSON.parse(policy).Version).toBe("2012-10-17");
  });

  it("is created before the one it replaces is deleted, under a name of its own", () => {
    const replaced = { name_prefix: "chat-main-", lifecycle: { create_before_destroy: true } };
    expect(synthesized).toHaveResourceWithProperties(IamRole, replaced);
    expect(synthesized).toHaveResourceWithProperties(IamPolicy, replaced);
    expect(synthesized).toHaveResourceWithProperties(IamInstanceProfile, replaced);
  });

  it("has its policy before an instance can have the role", () => {
    expect(synthesized).toHaveResourceWithProperties(IamInstanceProfile, {
      depends_on: ["aws_iam_role_policy_attachment.role_needs"],
    });
  });

  it("belongs to its instance profile and has its policy", () => {
    const role = `\${aws_iam_role.role.name}`;
    expect(synthesized).toHaveResourceWithProperties(IamInstanceProfile, { role });
    expect(synthesized).toHaveResourceWithProperties(IamRolePolicyAttachment, {
      role,
      policy_arn: `\${aws_iam_policy.role_policy.arn}`,
    });
  });
});

it("may mark the instances of its own group unhealthy when configured, and describe all groups, because AWS grants that for all", () => {
  expect(statement("MarkUnhealthy", { marksUnhealthy: true })).toEqual({
    Sid: "MarkUnhealthy",
    Effect: "Allow",
    Action: ["autoscaling:SetInstanceHealth"],
    Resource: [
      "arn:<partition>:autoscaling:<region>:<account>:autoScalingGroup:*:autoScalingGroupName/chat.llama.main",
    ],
  });
  expect(statement("LookAtGroups", { marksUnhealthy: true })).toMatchObject({
    Action: ["autoscaling:DescribeAutoScalingGroups"],
    Resource: ["*"],
  });
});

it("may deregister itself from its target group when configured", () => {
  const leavesTargetGroups = ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/chat/1"];
  expect(statement("LeaveTargetGroups", { leavesTargetGroups })).toEqual({
    Sid: "LeaveTargetGroups",
    Effect: "Allow",
    Action: ["elasticloadbalancing:DeregisterTargets"],
    Resource: leavesTargetGroups,
  });
  expect(statement("LookAtGroups", { leavesTargetGroups })).toMatchObject({ Resource: ["*"] });
  expect(statement("MarkUnhealthy", { leavesTargetGroups })).toBeUndefined();
});

it("has no permission for Session Manager when configured", () => {
  expect(synthesize({ sessionManager: false })).not.toMatch(/ssm(messages)?:/);
});

describe("images", () => {
  const images = [
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/vllm:v0.28.0",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/vllm@sha256:0123",
    "vllm/vllm-openai:v0.28.0",
  ];

  it("in private ECR repositories may be pulled from exactly those, which a pull-through cache may make", () => {
    expect(statement("PullImages", { pulledImages: images })).toMatchObject({
      Action: [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:BatchImportUpstreamImage",
        "ecr:CreateRepository",
        "ecr:GetDownloadUrlForLayer",
      ],
      Resource: ["arn:<partition>:ecr:eu-west-1:123456789012:repository/team/vllm"],
    });
  });

  it("are signed in for on the only resource AWS takes", () => {
    expect(statement("SignInToEcr", { pulledImages: images })).toEqual({
      Sid: "SignInToEcr",
      Effect: "Allow",
      Action: ["ecr:GetAuthorizationToken"],
      Resource: ["*"],
    });
  });

  it.each(["vllm/vllm-openai:v1", "public.ecr.aws/team/vllm:v1"])(
    "elsewhere (%s) change nothing",
    (image) => {
      expect(synthesize({ pulledImages: [image] })).toBe(synthesize());
    },
  );

  it("in China are recognized too", () => {
    const image = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/vllm:v1";
    expect(statement("PullImages", { pulledImages: [image] }).Resource).toEqual([
      "arn:<partition>:ecr:cn-north-1:123456789012:repository/vllm",
    ]);
  });

  it("must be plain names", () => {
    const image = Token.asString(Fn.join(":", ["vllm", "v1"]));
    expect(() => synthesize({ pulledImages: [image] })).toThrow("pulledImages must be plain names");
  });
});

describe("S3 prefixes", () => {
  const readableS3Prefixes = [
    { bucket: "models", prefix: "llama/" },
    { bucket: "adapters", prefix: "" },
    { bucket: "models", prefix: "a/" },
  ];

  it("may be read under the prefix only", () => {
    expect(statement("ReadObjects", { readableS3Prefixes })).toEqual({
      Sid: "ReadObjects",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [
        "arn:<partition>:s3:::adapters/*",
        "arn:<partition>:s3:::models/a/*",
        "arn:<partition>:s3:::models/llama/*",
      ],
    });
  });

  it("may be listed under the prefix only, bucket by bucket", () => {
    const lists = statements({ readableS3Prefixes }).filter(
      (one: { Action: string[] }) => one.Action[0] === "s3:ListBucket",
    );
    expect(lists).toEqual([
      {
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: ["arn:<partition>:s3:::adapters"],
        Condition: { StringLike: { "s3:prefix": ["*"] } },
      },
      {
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: ["arn:<partition>:s3:::models"],
        Condition: { StringLike: { "s3:prefix": ["a/*", "llama/*"] } },
      },
    ]);
  });

  it("give the same bytes in any order", () => {
    expect(synthesize({ readableS3Prefixes: [...readableS3Prefixes].reverse() })).toBe(
      synthesize({ readableS3Prefixes }),
    );
  });

  it.each(["llama*", "lla?a/", "/llama/", `\${aws:username}/`])(
    "that IAM would read otherwise (%s) are refused",
    (prefix) => {
      expect(() => synthesize({ readableS3Prefixes: [{ bucket: "models", prefix }] })).toThrow(
        "must be plain",
      );
    },
  );
});

it("reads the given secrets", () => {
  const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hf-token-AbCdEf";
  expect(statement("ReadSecrets", { secretArns: [arn] })).toEqual({
    Sid: "ReadSecrets",
    Effect: "Allow",
    Action: ["secretsmanager:GetSecretValue"],
    Resource: [arn],
  });
});

it("decrypts with the given keys what it may read", () => {
  const arn = "arn:aws:kms:eu-west-1:123456789012:key/0a1b";
  expect(statement("Decrypt", { kmsKeyArns: [arn] })).toBeUndefined();
  const parameterArns = ["arn:aws:ssm:eu-west-1:123456789012:parameter/hf-token"];
  expect(statement("Decrypt", { kmsKeyArns: [arn], parameterArns })).toMatchObject({
    Action: ["kms:Decrypt"],
    Resource: [arn],
  });
});

it("tags what can be tagged", () => {
  const synthesized = synthesize({ tags: { Team: "ml" } });
  expect(synthesized).toHaveResourceWithProperties(IamRole, { tags: { Team: "ml" } });
  expect(synthesized).toHaveResourceWithProperties(IamInstanceProfile, { tags: { Team: "ml" } });
});

it("refuses a name prefix with a space", () => {
  expect(() => synthesize({ namePrefix: "a b" })).toThrow(
    "namePrefix must have 1 to 37 letters, digits and +=,.@_-",
  );
});

it("accepts tokens for the name prefix and the S3 prefixes", () => {
  const later = Fn.join("-", ["chat", "main"]);
  expect(() =>
    synthesize({ namePrefix: later, readableS3Prefixes: [{ bucket: later, prefix: later }] }),
  ).not.toThrow();
});

it("may read the given parameters, and no others", () => {
  const parameterArns = ["b", "a"].map((name) => `arn:aws:ssm:eu-west-1:123456789012:parameter/${name}`);
  expect(statement("ReadParameters", { parameterArns })).toEqual({
    Sid: "ReadParameters",
    Effect: "Allow",
    Action: ["ssm:GetParameter"],
    Resource: [...parameterArns].sort(),
  });
});

it("may read the items of the given tables, by their indexes too, and change none", () => {
  const arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/features";
  const { Action, ...rest } = statement("ReadTables", { readableTableArns: [arn] }) ?? {};
  expect(rest).toEqual({ Sid: "ReadTables", Effect: "Allow", Resource: [arn, `${arn}/index/*`] });
  expect(Action?.map((action: string) => action.replace(/^dynamodb:/, ""))).toEqual([
    ...["BatchGetItem", "ConditionCheckItem", "DescribeTable", "GetItem", "Query", "Scan"],
  ]);
});

describe("what an instance reports", () => {
  it("may go to streams of the given log groups, and to no others", () => {
    expect(statement("WriteLogs", { writableLogGroups: ["/chat/b", "/chat/a"] })).toEqual({
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: ["/chat/a", "/chat/b"].map(
        (name) => `arn:<partition>:logs:<region>:<account>:log-group:${name}:*`,
      ),
    });
  });

  it("may be metrics of the given namespace, and of no other", () => {
    expect(statement("PublishMetrics", { metricsNamespace: "ModelServing/chat" })).toEqual({
      Sid: "PublishMetrics",
      Effect: "Allow",
      Action: ["cloudwatch:PutMetricData"],
      Resource: ["*"],
      Condition: { StringEquals: { "cloudwatch:namespace": ["ModelServing/chat"] } },
    });
  });
});

describe("more than one policy holds", () => {
  const secrets = (count: number) =>
    Array.from(
      { length: count },
      (_, index) =>
        `arn:aws:secretsmanager:us-east-1:123456789012:secret:${"n".repeat(60)}-${1000 + index}-AbCdEf`,
    );
  const policiesOf = (count: number): readonly string[] => {
    const stack = new ServingStack(Testing.app(), "region");
    new InstanceRole(stack, "role", { ...minimal, secretArns: secrets(count) });
    const { resource } = JSON.parse(Testing.synth(stack));
    return Object.values<{ policy: string }>(resource.aws_iam_policy).map(({ policy }) => policy);
  };

  it("is divided among several, each within the limit, and nothing is lost", () => {
    const policies = policiesOf(200);
    expect(policies.length).toBeGreaterThan(1);
    for (const policy of policies) {
      expect(policy.length).toBeLessThanOrEqual(6144);
    }
    const granted = policies.flatMap((policy) =>
      JSON.parse(policy).Statement.flatMap(({ Sid, Resource }: { Sid?: string; Resource: string[] }) =>
        Sid === "ReadSecrets" ? Resource : [],
      ),
    );
    expect(granted).toEqual(secrets(200));
  });

  it("is refused when no role holds so many", () => {
    expect(() => policiesOf(600)).toThrow("number of managed policies that the role needs");
  });
});
