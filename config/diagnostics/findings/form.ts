import { model, parts, region } from "./example";
import type { Findings } from "./finding";

/** What is wrong with the form of a field or its value, whatever the field means. */
export const form = {
  "unknown-field": {
    severity: "error",
    sentence: "There is no field of this name here. A misspelt field would otherwise be ignored silently.",
    example: model("imge: vllm/vllm-openai:v0.28.0"),
    remedy: "Correct the name, or move the field to the mapping that it belongs to.",
  },
  "renamed-field": {
    severity: "error",
    sentence: "The field had this name in an earlier version, or has been replaced.",
    example: "door: { routing: latency }",
    remedy: "Write what the message names instead.",
  },
  "missing-field": {
    severity: "error",
    sentence: "A required field is not there. The message says what it is for.",
    example: "state: { bucket: example-chat-tfstate }",
    remedy: "Add the field.",
  },
  "empty-field": {
    severity: "error",
    sentence: "Nothing stands after the colon of this field.",
    example: "name:",
    remedy: "Write a value, or remove the field.",
  },
  "wrong-type": {
    severity: "error",
    sentence: "The value is of another kind than the field takes, such as text where a number belongs.",
    example: model('capacity: { min: "3", max: 6 }'),
    remedy: "Write a value of the kind that the message names. Mind the quotes: they make text of a number.",
  },
  "unknown-word": {
    severity: "error",
    sentence: "The field takes one of a few words, and this is none of them.",
    example: model("server: vlm"),
    remedy: "Write one of the words in the message.",
  },
  "out-of-range": {
    severity: "error",
    sentence: "The value is smaller or larger than the field allows. Most limits are AWS's own.",
    example: model("port: 0"),
    remedy: "Write a value within the range in the message.",
  },
  "wrong-length": {
    severity: "error",
    sentence: "A text, a list or a mapping has too few or too many characters or items.",
    example: "regions: {}",
    remedy: "Write as many as the message says.",
  },
  "wrong-format": {
    severity: "error",
    sentence:
      "The text does not have the form that the field takes, such as a duration, a size, an ARN or an id.",
    example: model("loadTime: 6 minutes"),
    remedy: "Write it like the example in the message.",
  },
  "malformed-name": {
    severity: "error",
    sentence:
      "A name of a deployment, model or variant has a character that AWS names cannot have, or is too long. Names become parts of AWS names and Terraform addresses.",
    example: "name: Chat",
    remedy: "Use a-z, 0-9 and single hyphens, a letter first, 32 characters at most.",
  },
  "unknown-region": {
    severity: "error",
    sentence: "AWS has no region with this code.",
    example: "state: { bucket: example-chat-tfstate, region: us-east-9 }",
    remedy: "Write the code of a region, such as `eu-west-1`.",
  },
  "both-given": {
    severity: "error",
    sentence: "Two fields say the same thing in different ways, and only one of them can count.",
    example: model("ami: { id: ami-0123456789abcdef0, release: autumn }"),
    remedy:
      "Keep one of the two. Where one is in the base of the file, the message says which file has which: take that one out of the base.",
  },
  "field-without-effect": {
    severity: "error",
    sentence:
      "The field does nothing with the rest of the file as it is. Somebody expects an effect that it would not have.",
    example: model("rollout: { checkpointDelay: 1h }"),
    remedy: "Remove the field, or add what it needs; the message names that.",
  },
  "duplicate-item": {
    severity: "error",
    sentence: "A list names the same thing twice. The second adds nothing, or would fail with the first.",
    example: model("instanceTypes: [g6.2xlarge, g6.2xlarge]"),
    remedy: "Remove the second one, or name another.",
  },
  "min-above-max": {
    severity: "error",
    sentence: "The smaller end of a range is larger than its larger end.",
    example: model("capacity: { min: 7, max: 6 }"),
    remedy: "Swap the two, or raise the larger one.",
  },
  "size-not-whole": {
    severity: "error",
    sentence: "AWS takes this size in whole units only.",
    example: model("volume: { size: 200.5GiB }"),
    remedy: "Round the size up to a whole number of the unit in the message.",
  },
  "terraform-template": {
    severity: "error",
    sentence:
      "The text holds `${` or `%{`, with which Terraform's own language begins. Terraform would replace it, or fail.",
    example: 'tags: { owner: "%{team}" }',
    remedy: "Leave these characters out.",
  },
  "in-another-region": {
    severity: "error",
    sentence:
      "A certificate, key, secret or web ACL is in another region than what uses it. AWS refuses that, or the region would fail together with the other one.",
    example: "entry:\n  certificateArn: arn:aws:acm:eu-west-1:123456789012:certificate/1234",
    remedy:
      "Name one of the same region. With several regions, write each region's own under `regions.<region>`.",
  },
  "unknown-model": {
    severity: "error",
    sentence: "No model of this name stands under `models`.",
    example: "entry:\n  default: mistral",
    remedy: "Correct the name, or define the model.",
  },
  "unknown-variant": {
    severity: "error",
    sentence: "The model has no variant of this name.",
    example: region("models: { llama: { variants: { blue: { weight: 1 } } } }"),
    remedy: "Correct the name, or define the variant. A model without `variants` has one, `main`.",
  },
  "unknown-warning": {
    severity: "error",
    sentence: "`accept` names something that is not the code of a warning.",
    example: "accept: { no-alarm-recipent: we watch a dashboard }",
    remedy: "Write the code as the warning shows it in brackets.",
  },
  "error-accepted": {
    severity: "error",
    sentence:
      "`accept` names an error. An error stops the run because the deployment would fail or not work, so it cannot be accepted.",
    example: "accept: { min-above-max: we know }",
    remedy: "Remove the line, and correct what the error finds.",
  },
  "acceptance-unused": {
    severity: "warning",
    sentence:
      "An accepted warning does not occur in this part of the file. The reason is out of date, or stands in the wrong place, and would hide a later warning.",
    example: parts("alarms:", "  accept: { no-alarm-recipient: nobody is on call yet }"),
    remedy:
      "Remove the line, or write it under the part that the path of the warning begins with. This warning cannot be accepted itself.",
  },
} as const satisfies Findings;
