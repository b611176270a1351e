import { many, parts } from "./example";
import type { Findings } from "./finding";

const topic = (region: string, name = "on-call") => `arn:aws:sns:${region}:123456789012:${name}`;

/** The deployment as a whole: its name, state, tags, logs and alarms. */
export const deployment = {
  "in-another-account": {
    severity: "error",
    sentence:
      "A role, a policy, a certificate or a web ACL is in another account than the deployment. AWS refuses it. Keys, secrets, parameters, tables, topics, buckets and resource groups may be in another account that allows it.",
    example: 'account: { id: "123456789012", assumeRole: arn:aws:iam::210987654321:role/deploy }',
    remedy: "Name one of the account, or correct the account's id.",
  },
  "in-another-partition": {
    severity: "error",
    sentence:
      "An ARN begins with another partition of AWS, such as `aws-cn` for China or `aws-us-gov` for GovCloud, than the deployment is in. Partitions share no accounts.",
    example:
      "state: { bucket: example-chat-tfstate, region: us-east-1, kmsKeyArn: arn:aws-cn:kms:us-east-1:123456789012:key/1234 }",
    remedy: "Name one of the partition of the deployment; most often only the beginning of the ARN is wrong.",
  },
  "reserved-name": {
    severity: "error",
    sentence: "AWS keeps names with this beginning for itself, and names of this deployment would begin so.",
    example: "name: sg-chat",
    remedy: "Choose a name with another beginning.",
  },
  "bucket-name-refused": {
    severity: "error",
    sentence: "S3 refuses this name for a bucket, though its characters are allowed.",
    example: "state: { bucket: chat..tfstate, region: us-east-1 }",
    remedy: "Choose another name for the bucket.",
  },
  "partitions-mixed": {
    severity: "error",
    sentence:
      "A region is in another partition of AWS than the state, such as China or GovCloud. Partitions share no accounts, so one deployment cannot span two.",
    example: "state: { bucket: example-chat-tfstate, region: cn-north-1 }",
    remedy: "Make a deployment of its own for each partition.",
  },
  "tag-key-refused": {
    severity: "error",
    sentence: "Some AWS service refuses this key of a tag. IAM is the strictest.",
    example: 'tags: { "team,owner": search }',
    remedy: "Use letters, digits and `+ - = . _ : @` in keys, and do not begin with `aws:`.",
  },
  "reserved-tag": {
    severity: "error",
    sentence: "The stacks set this tag themselves, over whatever the file says.",
    example: "tags: { Name: chat }",
    remedy: "Choose another key.",
  },
  "duplicate-tag": {
    severity: "error",
    sentence:
      "Two keys of tags differ in capital letters only. IAM takes them for one and refuses the second.",
    example: "tags: { team: search, Team: search }",
    remedy: "Remove one of the two.",
  },
  "tag-value-refused": {
    severity: "error",
    sentence: "The value of a tag holds a character that AWS does not take.",
    example: "tags: { owner: search & chat }",
    remedy: "Use letters, digits, spaces and `_ . : / = + - @`.",
  },
  "too-many-tags": {
    severity: "error",
    sentence: "The tags are more than AWS takes on one resource beside those that the stacks set.",
    example: `tags: { ${many(41, (index) => `tag-${index}: x`)} }`,
    remedy: "Keep 40 tags or fewer for each region.",
  },
  "retention-refused": {
    severity: "error",
    sentence: "Logs are kept for whole days, and CloudWatch offers certain numbers of days only.",
    example: parts("entry:", "  logs: { retention: 36h }"),
    remedy: "Write a number of days from the message, such as `30d` or `90d`.",
  },
  "no-alarm-recipient": {
    severity: "warning",
    sentence: "Alarms exist, but they notify nobody.",
    example: "alarms: {}",
    remedy: "Add `alarms.email` or `alarms.topicArns`.",
  },
  "too-many-topics": {
    severity: "error",
    sentence: "An alarm notifies five SNS topics at most, that of the email among them.",
    example: parts("alarms:", `  topicArns: [${many(5, (index) => topic("us-east-1", `team-${index}`))}]`),
    remedy: "Name fewer topics in the region, and let one of them notify the others.",
  },
  "region-without-topic": {
    severity: "warning",
    sentence:
      "No topic is in this region. An alarm notifies topics of its own region only, so the alarms here notify nobody.",
    example: `alarms: { topicArns: [${topic("eu-west-1")}] }`,
    remedy: "Add a topic of the region, or `alarms.email`, which is notified in every region.",
  },
  "topic-without-alarms": {
    severity: "warning",
    sentence: "The topic is in a region where this deployment has no alarms, so it is never notified.",
    example: parts("alarms:", `  topicArns: [${topic("eu-west-1")}]`),
    remedy: "Remove the topic, or name one in a region of the deployment.",
  },
} as const satisfies Findings;
