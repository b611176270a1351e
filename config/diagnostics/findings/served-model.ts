import { anotherModel, below, model, parts, region } from "./example";
import type { Findings } from "./finding";

/** What a server serves, and the key that it asks of its callers. */
export const servedModel = {
  "no-model-named": {
    severity: "error",
    sentence:
      "Nothing names the model. The server would serve another one, or none, and its health check might pass all the same.",
    example: below("models", [anotherModel().replace(/\n.*model:.*/, "")]),
    remedy: "Write `model`, with its id on the hub, or `weights`, with its place in S3.",
  },
  "model-named-twice": {
    severity: "error",
    sentence: "The field `model` names one model, and an argument or a variable another.",
    example: model("model: acme/one", "arguments: [--model, acme/two]"),
    remedy: "Name it once, in `model`.",
  },
  "names-differ": {
    severity: "warning",
    sentence:
      "Variants of a model are called by different names. A call by one of them fails where another answers.",
    example: below("models", [
      anotherModel("variants: { a: { weight: 95, model: acme/one }, b: { weight: 5, model: acme/two } }"),
    ]),
    remedy: "Have all variants be told one name, as by `--served-model-name` in `arguments`.",
  },
  "model-not-taken": {
    severity: "error",
    sentence: "This server, or its version, cannot be told its model by the field.",
    example: model("server: custom", "port: 8000", "health: { path: /health }", "model: acme/chat"),
    remedy: "Do as the message says: it differs from server to server.",
  },
  "revision-without-hub": {
    severity: "error",
    sentence: "Revisions are those of models on the hub, and not every server can be told one.",
    example: model("revision: main"),
    remedy:
      "Leave `revision` out. Weights in S3 are pinned by `weights.sha256`; with their model's id in `model`, `revision` may say of which commit they are.",
  },
  "hub-unreachable": {
    severity: "error",
    sentence: "The server would fetch its model from the hub, and its instances have no way to the internet.",
    example: parts(
      region("network: { create: { cidr: 10.0.0.0/16, nat: none } }"),
      model("arguments: [--model, acme/chat]"),
    ),
    remedy: "Copy the model to S3 and write `weights`, or give the instances a way out.",
  },
  "s3-not-granted": {
    severity: "error",
    sentence: "The server is given an address in S3 that its instances may not read.",
    example: model("arguments: [--model, s3://acme-models/chat/]"),
    remedy: "Add the address to `reads`.",
  },
  "weights-unused": {
    severity: "warning",
    sentence: "Every instance copies the weights, and its server is told to serve something else.",
    example: model("arguments: [--model, acme/chat]"),
    remedy: "Remove `weights`, or what names the other model.",
  },
  "api-key-not-taken": {
    severity: "error",
    sentence: "The server, or its version, takes no API key. It would answer everyone who reaches it.",
    example: model(
      "server: nim",
      "apiKey: arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf",
    ),
    remedy: "Use a version that takes one, restrict callers by `entry.allow`, or put a gateway in front.",
  },
  "api-key-not-read": {
    severity: "error",
    sentence:
      "A secret looks like the server's API key, and the server does not read this variable. It would be open.",
    example: model(
      "secrets: { OPENAI_API_KEY: arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf }",
    ),
    remedy: "Remove it, and write its ARN as `apiKey`.",
  },
  "api-key-on-part": {
    severity: "error",
    sentence:
      "Some variants or regions of the model ask callers for a key, and others answer anybody. `secrets` of a variant or region are in place of the model's.",
    example: model(
      "variants:",
      "  a: { weight: 1, apiKey: arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf }",
      "  b: { weight: 1 }",
    ),
    remedy: "Write `apiKey` on the model, or on every variant and region that has a key of its own.",
  },
} as const satisfies Findings;
