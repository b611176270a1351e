import { BUCKET_NAME_REFUSALS } from "../../../aws/limits";
import { ABSENT, atMostOneOf, exactlyOneOf, type Relation, refuses, someOf, takes } from "./rule";

const REFUSED_NAMES = BUCKET_NAME_REFUSALS.rules.map(({ pattern }) => pattern.source).join("|");
const LIFECYCLE = "S3 user guide, Lifecycle configuration elements";
const TRANSITIONS = ["transition", "noncurrent_version_transition"];

/** What belongs together in the resources of S3, SNS and ACM. */
export const storage: Readonly<Record<string, readonly Relation[]>> = {
  aws_s3_bucket: [
    {
      rules: [
        takes(
          "bucket",
          new RegExp(`^(?!.*(?:${REFUSED_NAMES}))`),
          "no name with .. or - beside ., of an IPv4 address, or with a beginning or end that S3 keeps for itself",
        ),
      ],
      source: BUCKET_NAME_REFUSALS.source,
    },
  ],
  aws_s3_bucket_server_side_encryption_configuration: [
    {
      block: "rule.apply_server_side_encryption_by_default",
      when: { sse_algorithm: ["AES256"] },
      rules: [refuses("kms_master_key_id")],
      source: "S3 API, ServerSideEncryptionByDefault",
    },
  ],
  aws_s3_bucket_lifecycle_configuration: [
    {
      block: "rule",
      rules: [
        atMostOneOf("filter", "prefix"),
        someOf(
          ...["abort_incomplete_multipart_upload", "expiration", "noncurrent_version_expiration"],
          ...TRANSITIONS,
        ),
      ],
      source: LIFECYCLE,
    },
    {
      block: "rule.expiration",
      rules: [atMostOneOf("date", "days", "expired_object_delete_marker")],
      source: LIFECYCLE,
    },
    { block: "rule.transition", rules: [atMostOneOf("date", "days")], source: LIFECYCLE },
    ...TRANSITIONS.map((block) => ({
      block: `rule.${block}`,
      when: { storage_class: ["STANDARD_IA", "ONEZONE_IA"] },
      rules: ["days", "noncurrent_days"].map((days) =>
        takes(days, /^([3-9]\d|\d{3,})$/, "30 or more with this storage class"),
      ),
      source: "S3 user guide, Transitioning objects using Amazon S3 Lifecycle",
    })),
  ],
  aws_sns_topic: [
    {
      when: { fifo_topic: ["true"] },
      rules: [takes("name", /\.fifo$/, "names that end in .fifo, for fifo_topic")],
      source: "SNS API, CreateTopic",
    },
    {
      when: { fifo_topic: ["false", ABSENT] },
      rules: [takes("name", /(?<!\.fifo)$/, "no name that ends in .fifo, without fifo_topic")],
      source: "SNS API, CreateTopic",
    },
  ],
  aws_sns_topic_subscription: [
    ...[
      [["email", "email-json"], /^[^@\s]+@[^@\s]+$/, "an e-mail address"] as const,
      [["https"], /^https:\/\//, "a URL that begins with https://"] as const,
      [["http"], /^http:\/\//, "a URL that begins with http://"] as const,
      [["sqs", "lambda", "firehose", "application"], /^arn:/, "an ARN"] as const,
    ].map(([protocol, form, described]) => ({
      when: { protocol },
      rules: [takes("endpoint", form, described)],
      source: "SNS API, Subscribe",
    })),
  ],
  aws_acm_certificate: [
    {
      rules: [exactlyOneOf("validation_method", "certificate_authority_arn", "private_key")],
      source: "Terraform AWS provider, internal/service/acm, aws_acm_certificate",
    },
  ],
};
