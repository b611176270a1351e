import { encodeUserData, type InstanceFacts, renderUserData } from "../../../boot/user-data";
import { renderFinding } from "../../../testing/finding";
import { grantFindings } from "../../../testing/iam/grants";
import { callsOf, uncalledCommands } from "../../../testing/iam/instance-calls";
import { unpackUserData } from "../../../testing/user-data";
import { plainFacts } from "../../boot/facts";

const PLAIN = { ...plainFacts, gpuWatch: false };
const GROUP =
  "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:*:autoScalingGroupName/chat.llama.main";
const LIFECYCLE = {
  Sid: "Lifecycle",
  Effect: "Allow",
  Action: ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
  Resource: [GROUP],
};

const document = (...Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const trust = (Service: string) =>
  document({ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" });

/** A stack with one instance, whose role allows what the statements say. */
function stackOf(
  facts: Partial<InstanceFacts>,
  statements: readonly object[],
  group: object = {},
  role: object = {},
  others: object = {},
) {
  return {
    resource: {
      aws_launch_template: {
        own: {
          user_data: encodeUserData(renderUserData({ ...PLAIN, ...facts })),
          iam_instance_profile: { arn: `\${aws_iam_instance_profile.own.arn}` },
        },
      },
      aws_iam_role: { own: { assume_role_policy: trust("ec2.amazonaws.com"), ...role } },
      ...others,
      aws_iam_instance_profile: { own: { role: `\${aws_iam_role.own.name}` } },
      aws_iam_role_policy_attachment: {
        own: { role: `\${aws_iam_role.own.name}`, policy_arn: `\${aws_iam_policy.own.arn}` },
      },
      aws_iam_policy: {
        own: { policy: JSON.stringify({ Version: "2012-10-17", Statement: [LIFECYCLE, ...statements] }) },
      },
      aws_autoscaling_group: {
        own: {
          target_group_arns: [`\${aws_lb_target_group.own.arn}`],
          mixed_instances_policy: {
            launch_template: {
              launch_template_specification: { launch_template_id: `\${aws_launch_template.own.id}` },
            },
          },
          ...group,
        },
      },
    },
  };
}

const found = (...stack: Parameters<typeof stackOf>) => grantFindings(stackOf(...stack)).map(renderFinding);

it("finds nothing where the role allows what the instance calls", () => {
  expect(found({}, [])).toEqual([]);
});

describe("an action that nobody calls", () => {
  it("is found, with the policy and the instance", () => {
    expect(found({}, [{ Sid: "Stop", Effect: "Allow", Action: "ec2:StopInstances", Resource: "*" }])).toEqual(
      [
        "aws_iam_policy.own: policy statement Stop allows ec2:StopInstances on *, which no instance of aws_launch_template.own calls (testing/iam/instance-calls.ts, by its user data)",
      ],
    );
  });

  const read = (Resource: string) => ({ Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource });

  it.each(["arn:aws:s3:::acme/*", "arn:aws:s3:::acme/llama*", "arn:aws:s3:::other/llama/*", "*"])(
    "is found where it is called on less, or on something else: %s",
    (resource) => {
      expect(found({ weights: { uri: "s3://acme/llama" } }, [read(resource)])).toContainEqual(
        expect.stringContaining(`statement Read allows s3:GetObject on ${resource}, which no instance`),
      );
    },
  );

  it("may be one that depends on the facts", () => {
    const mark = { Sid: "Mark", Effect: "Allow", Action: "autoscaling:SetInstanceHealth", Resource: GROUP };
    const look = { Effect: "Allow", Action: "autoscaling:DescribeAutoScalingGroups", Resource: "*" };
    expect(found({ gpuWatch: true }, [mark, look])).toEqual([]);
    expect(found({ gpuWatch: false }, [mark])).toEqual([
      expect.stringContaining("statement Mark allows autoscaling:SetInstanceHealth"),
    ]);
  });

  it("may be one without the condition that the call has", () => {
    const put = { Sid: "Put", Effect: "Allow", Action: "cloudwatch:PutMetricData", Resource: "*" };
    expect(found({ observability: { namespace: "A", logGroupPrefix: "/a" } }, [put])).toContainEqual(
      expect.stringContaining("statement Put allows cloudwatch:PutMetricData on *, which no instance"),
    );
  });
});

describe("a call that is not allowed", () => {
  it("is found, with the instance and the script", () => {
    expect(found({ weights: { uri: "s3://acme/llama" } }, [])).toEqual([
      "aws_launch_template.own: iam_instance_profile has a role that does not allow s3:ListBucket on arn:…:s3:::acme, which the instance calls (/opt/model-server/weights.sh, aws s3 sync)",
      "aws_launch_template.own: iam_instance_profile has a role that does not allow s3:GetObject on arn:…:s3:::acme/llama/*, which the instance calls (/opt/model-server/weights.sh, aws s3 sync)",
    ]);
  });

  it("is found where only a part of it is allowed", () => {
    const statements = [
      { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme/llama/a/*" },
      {
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: "arn:aws:s3:::acme",
        Condition: { StringLike: { "s3:prefix": "other/*" } },
      },
    ];
    const sentences = found({ weights: { uri: "s3://acme/llama" } }, statements);
    expect(sentences).toHaveLength(2);
    expect(sentences.join()).toMatch(/does not allow s3:ListBucket.*does not allow s3:GetObject/);
  });

  it("is found on Spot instances, which leave their target groups", () => {
    const [policy] = [stackOf({}, []).resource.aws_autoscaling_group.own.mixed_instances_policy];
    const spot = {
      mixed_instances_policy: {
        ...policy,
        instances_distribution: { on_demand_percentage_above_base_capacity: 0 },
      },
    };
    expect(found({}, [], spot)).toEqual([
      expect.stringContaining("does not allow autoscaling:DescribeAutoScalingGroups on *"),
      expect.stringContaining(
        `does not allow elasticloadbalancing:DeregisterTargets on \${aws_lb_target_group.own.arn}, which the instance calls (/opt/model-server/spot.sh, aws elbv2 deregister-targets)`,
      ),
    ]);
  });
});

it("leaves launch templates alone whose user data or role is of somebody else", () => {
  const stack = stackOf({}, []);
  const [template] = Object.values(stack.resource.aws_launch_template);
  const other = (body: object) =>
    grantFindings({ resource: { aws_launch_template: { own: { ...template, ...body } } } });
  expect(other({ user_data: Buffer.from("#!/bin/sh\n").toString("base64") })).toEqual([]);
  expect(other({ user_data: undefined })).toEqual([]);
  expect(other({ iam_instance_profile: { arn: "arn:aws:iam::123456789012:instance-profile/x" } })).toEqual(
    [],
  );
});

describe("a statement about all but what it names", () => {
  it("allows more than is called", () => {
    const all = { Sid: "All", Effect: "Allow", NotAction: "s3:GetObject", Resource: "*" };
    expect(found({}, [all])).toEqual([
      "aws_iam_policy.own: policy statement All allows all but s3:GetObject on *, which no instance of aws_launch_template.own calls (testing/iam/instance-calls.ts, by its user data)",
    ]);
    expect(found({}, [{ ...LIFECYCLE, Sid: "Not", Resource: undefined, NotResource: GROUP }])).toHaveLength(
      2,
    );
  });

  it("does not allow what it names", () => {
    const sentences = found({ weights: { uri: "s3://acme/llama" } }, [
      { Effect: "Allow", NotAction: ["s3:GetObject", "s3:PutObject"], Resource: "*" },
    ]);
    expect(sentences.filter((each) => each.includes("does not allow"))).toEqual([
      expect.stringContaining("does not allow s3:GetObject on"),
    ]);
  });
});

describe("a denial", () => {
  const LOOK = { Effect: "Allow", Action: "autoscaling:DescribeAutoScalingGroups", Resource: "*" };
  const MARK = { Effect: "Allow", Action: "autoscaling:SetInstanceHealth", Resource: GROUP };
  const denied = (statement: object) =>
    found({ gpuWatch: true }, [LOOK, MARK, { Sid: "No", Effect: "Deny", Resource: "*", ...statement }]);

  it.each([
    [{ Action: "autoscaling:SetInstanceHealth" }],
    [{ Action: "AutoScaling:Set*", Resource: GROUP }],
    [{ NotAction: ["autoscaling:C*", "autoscaling:R*", "autoscaling:D*"] }],
    [{ Action: "autoscaling:SetInstanceHealth", Resource: undefined, NotResource: "arn:aws:s3:::acme" }],
  ])("of what is called is found: %j", (statement) => {
    expect(denied(statement)).toEqual([
      expect.stringMatching(
        /^aws_iam_policy\.own: policy statement No denies .*, and the instances of aws_launch_template\.own call autoscaling:SetInstanceHealth \(/,
      ),
    ]);
  });

  it("of something else, or on a condition, is none of them", () => {
    expect(denied({ Action: "s3:*" })).toEqual([]);
    expect(denied({ Action: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } })).toEqual([]);
    expect(denied({ Action: "autoscaling:Set*", Resource: undefined, NotResource: GROUP })).toEqual([]);
  });
});

describe("every policy of the role is read", () => {
  const STOP = document({ Sid: "Stop", Effect: "Allow", Action: "ec2:StopInstances", Resource: "*" });
  const stops = "statement Stop allows ec2:StopInstances on *, which no instance";
  const ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess";
  const OWN = `\${aws_iam_role.own.name}`;

  it.each([
    [{ inline_policy: [{ name: "a", policy: STOP }] }, {}, `aws_iam_role.own: inline_policy.policy ${stops}`],
    [
      {},
      { aws_iam_role_policy: { a: { role: OWN, policy: STOP } } },
      `aws_iam_role_policy.a: policy ${stops}`,
    ],
    [
      { managed_policy_arns: [ADMIN] },
      {},
      `aws_iam_role.own: managed_policy_arns is ${ADMIN}, whose statements are not in the stack`,
    ],
    [
      {},
      { aws_iam_policy_attachment: { a: { roles: [OWN], policy_arn: ADMIN } } },
      `aws_iam_policy_attachment.a: policy_arn is ${ADMIN}, whose statements are not in the stack`,
    ],
    [
      {},
      { aws_iam_role_policy: { a: { role: OWN, policy: `\${data.aws_iam_policy_document.a.json}` } } },
      `aws_iam_role_policy.a: policy is \${data.aws_iam_policy_document.a.json}, whose statements are not`,
    ],
  ])("%#", (role, others, sentence) => {
    expect(found({}, [], {}, role, others)).toEqual([expect.stringContaining(sentence)]);
  });

  it("also one of AWS that is attached", () => {
    const stack = stackOf({}, []);
    Object.assign(stack.resource.aws_iam_role_policy_attachment.own, { policy_arn: ADMIN });
    expect(grantFindings(stack).map(renderFinding)).toEqual([
      `aws_iam_role_policy_attachment.own: policy_arn is ${ADMIN}, whose statements are not in the stack: nothing shows that the instances of aws_launch_template.own call what it allows (testing/iam/grants.ts, by the stack)`,
    ]);
  });
});

it("finds a role that EC2 may not hand to instances", () => {
  const trusted = (Service: string) => found({}, [], {}, { assume_role_policy: trust(Service) });
  expect(trusted("lambda.amazonaws.com")).toEqual([
    "aws_iam_role.own: assume_role_policy does not let ec2.amazonaws.com assume the role, which is that of instances (EC2 user guide, IAM roles for Amazon EC2)",
  ]);
  expect(trusted(`ec2.\${data.aws_partition.own.dns_suffix}`)).toEqual([]);
});

describe("the list of calls", () => {
  const userData = unpackUserData(encodeUserData(renderUserData(PLAIN)));

  it("has no command that no script calls any more", () => {
    expect(userData && uncalledCommands(userData)).toEqual([]);
  });

  it("must have every command that a script calls", () => {
    const files = new Map([["/opt/model-server/new.sh", "aws ec2 describe-tags\n"]]);
    const surroundings = { spot: false, targetGroupArns: [] };
    expect(() => callsOf({ files, facts: new Map() }, surroundings)).toThrow(
      '/opt/model-server/new.sh: testing/iam/instance-calls.ts does not know what "aws ec2 describe-tags" needs',
    );
  });
});
