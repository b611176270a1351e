import { testRules } from "../../support/rule-cases";

const IMAGE = "image: vllm/vllm-openai:v0.28.0";
const CAPACITY = "capacity: { min: 3, max: 6 }";
const EUROPE: readonly [string, string] = [
  "models:\n  llama:",
  "  eu-west-1:\n    network:\n      create:\n        cidr: 10.1.0.0/16\nmodels:\n  llama:",
];
const image = (text: string): readonly [string, string] => [IMAGE, `image: ${text}`];
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];

/** A file that says nothing of a version that its image does not show. */
const DRAINS = with_("arguments: [--shutdown-timeout, '300']");

describe("an image for SageMaker", () => {
  testRules([
    {
      name: "is named with the image and the fields to take instead, and nothing that follows",
      changes: [
        [
          `${IMAGE}\n    weights: { uri: s3://example-weights/llama/, size: 15GiB }`,
          "image: ▸public.ecr.aws/deep-learning-containers/vllm:server-sagemaker-cuda-v1.0.0\n    volume: { size: 200GiB }\n    env: { SM_VLLM_MODEL: Qwen/Qwen3-8B }",
        ],
      ],
      expected: [
        'error  models.llama.image  image-serves-otherwise  "public.ecr.aws/deep-learning-containers/vllm:server-sagemaker-cuda-v1.0.0" is made for SageMaker: it listens at port 8080, answers /ping and /invocations, and reads SM_… variables, such as SM_VLLM_MODEL, instead of arguments; use public.ecr.aws/deep-learning-containers/vllm:server-cuda-… or vllm/vllm-openai, or server: custom, port: 8080, health: { path: /ping } and publicPaths: [/invocations]',
      ],
    },
  ]);
});

describe("a container image", () => {
  const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
  testRules([
    ...[
      "vllm/vllm-openai:v0.28.0",
      "ubuntu:24.04",
      "registry.example.com:443/a/b_c/d__e/f-g:1",
      `vllm/vllm-openai@${DIGEST}`,
      `vllm/vllm-openai:latest@${DIGEST}`,
      "acme/vllm:main-2f9c1ab",
    ].map((text) => ({ name: text, changes: [image(text), DRAINS], expected: [] })),
    ...[
      "vllm/vLLM:1",
      "vllm//openai:1",
      "vllm/openai:",
      "https://vllm/openai:1",
      "a b:1",
      "vllm/openai@sha256:0",
    ].map((text) => ({
      name: `not ${text}`,
      changes: [image(`▸"${text}"`), DRAINS],
      expected: [
        `error  models.llama.image  malformed-image  "${text}" is not a container image; write it as vllm/vllm-openai:v0.28.0`,
      ],
    })),
    ...["localhost/vllm:1", "localhost:443/vllm:1", "127.0.0.1:5000/vllm:1"].map((text) => ({
      name: `${text}, of a registry on the instance`,
      changes: [image(`▸${text}`), DRAINS],
      expected: [
        `error  models.llama.image  registry-on-instance  "${text}" names a registry on the instance, and none runs there; push it to one that instances reach`,
      ],
    })),
    ...[
      "vllm/vllm-openai",
      "vllm/vllm-openai:latest",
      "vllm/vllm-openai:nightly",
      "acme/tgi:latest-cuda",
      "registry.example.com:443/vllm",
    ].map((text) => ({
      name: `${text}, which changes`,
      changes: [image(`▸${text}`), DRAINS],
      expected: [
        `error  models.llama.image  image-tag-moves  "${text}" may become another image at any time, so two instances may differ; write a version tag or a digest`,
      ],
    })),
    ...["vllm/vllm-openai:v0.28.0-aarch64", "acme/vllm-arm64:1"].map((text) => ({
      name: `${text}, for another architecture`,
      changes: [image(`▸${text}`), DRAINS],
      expected: [
        `error  models.llama.image  image-of-other-architecture  g6.2xlarge is x86_64, but "${text.replace(/^.*\//, "")}" names another architecture; use the image for x86_64, or other instance types`,
      ],
    })),
    {
      name: "for x86_64 on arm64",
      changes: [image("▸acme/vllm:1-amd64"), DRAINS, ["[g6.2xlarge, g5.2xlarge]", "[g5g.2xlarge]"]],
      expected: [
        'error  models.llama.image  image-of-other-architecture  g5g.2xlarge is arm64, but "vllm:1-amd64" names another architecture; use the image for arm64, or other instance types',
      ],
    },
    {
      name: "for arm64 on arm64",
      changes: [image("acme/vllm:1-arm64"), DRAINS, ["[g6.2xlarge, g5.2xlarge]", "[g5g.2xlarge]"]],
      expected: [],
    },
    {
      name: "of Amazon ECR in the region",
      changes: [image("123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:1"), DRAINS],
      expected: [],
    },
    {
      name: "of Amazon ECR in another region",
      changes: [image("▸123456789012.dkr.ecr.us-west-2.amazonaws.com/vllm:1"), DRAINS],
      expected: [
        "warning  models.llama.image  image-in-another-region  the image is in us-west-2, so instances in us-east-1 cannot start while us-west-2 is down; let Amazon ECR replicate it, and write the copy under regions.us-east-1.models",
      ],
    },
    {
      name: "of Amazon ECR in another region, without a way out",
      changes: [
        DRAINS,
        image("▸123456789012.dkr.ecr.us-west-2.amazonaws.com/vllm:1"),
        ["cidr: 10.0.0.0/16", "cidr: 10.0.0.0/16\n        nat: none"],
      ],
      expected: [
        'error  models.llama.image  image-unreachable  instances in us-east-1 have no way to the internet (nat: none), and "123456789012.dkr.ecr.us-west-2.amazonaws.com/vllm:1" is not in Amazon ECR in us-east-1; copy it there, or use nat: per-zone',
      ],
    },
    {
      name: "of Amazon ECR in another partition",
      changes: [image("▸123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/vllm:1"), DRAINS],
      expected: [
        "error  models.llama.image  image-in-another-partition  the image is in cn-north-1, another partition of AWS, whose registry instances in us-east-1 may not use; copy it to us-east-1",
      ],
    },
    {
      name: "of elsewhere, without a way out",
      changes: [
        DRAINS,
        image("▸vllm/vllm-openai:v0.28.0"),
        ["cidr: 10.0.0.0/16", "cidr: 10.0.0.0/16\n        nat: none"],
      ],
      expected: ["error  models.llama.image  image-unreachable"],
    },
  ]);
});

describe("a secret", () => {
  const secret = (path: string, what: string, field = "secrets") =>
    `error  models.llama.${path}  secret-in-plain-text  ${what} looks like a secret, which anyone who reads the plan would see; put it into Secrets Manager or a SecureString parameter, and its ARN into ${field}`;
  const values = [
    `AKIA${"A".repeat(16)}`,
    `hf_${"a".repeat(34)}`,
    `sk-${"a".repeat(40)}`,
    `ghp_${"a".repeat(36)}`,
    `nvapi-${"a".repeat(40)}`,
    "xoxb-1234567890-abcdef",
    "-----BEGIN RSA PRIVATE KEY-----",
    `eyJ${"a".repeat(17)}.eyJ${"b".repeat(30)}.${"c-_".repeat(14)}c`,
    `Bearer eyJ${"a".repeat(17)}.eyJ${"b".repeat(30)}.${"c".repeat(43)}`,
    "postgres://team:pa55word@db.example.com/prod",
    "redis://:pa55word@cache.example.com",
  ];
  testRules([
    ...["PATH", "BASH_ENV", "LD_PRELOAD", "DOCKER_HOST", "INSTANCE_IMAGE"].map((name) => ({
      name: `called ${name}, which the scripts of an instance go by`,
      changes: [
        with_(`secrets: { ${name}: ▸arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-AbCdEf }`),
      ],
      expected: [
        `error  models.llama.secrets.${name}  secret-name-refused  ${name} has a meaning in the shell that passes secrets to the server; choose another name`,
      ],
    })),
    ...values.map((value) => ({
      name: `[secret-in-config] by its value, ${value.slice(0, 8)}…`,
      changes: [with_(`env: { SETTING: ▸"${value}" }\n    arguments: [--dtype, ▸"${value}"]`)],
      expected: [secret("env.SETTING", "SETTING"), secret("arguments[1]", "the argument")],
    })),
    ...[
      "HF_TOKEN",
      "API_KEY",
      "APIKEY",
      "DB_PASSWORD",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_ACCESS_KEY_ID",
      "my_secret",
    ].map((name) => ({
      name: `[secret-in-config] by its name, ${name}`,
      changes: [with_(`env: { ${name}: ▸anything }`)],
      expected: [secret(`env.${name}`, name)],
    })),
    ...["--api-key=abc", "--api-key", "--hf-token=abc", "--hf_token"].map((argument) => ({
      name: `by its argument, ${argument}`,
      changes: [with_(`arguments: [▸${argument}, abc]`)],
      expected: [secret("arguments[0]", "the argument", argument.startsWith("--api") ? "apiKey" : "secrets")],
    })),
    {
      name: "that would be the name of a model, and is not shown",
      changes: [with_(`arguments: [▸hf_${"a".repeat(34)}]`)],
      expected: [secret("arguments[0]", "the argument")],
    },
    ...["TOKENIZERS_PARALLELISM", "MAX_TOKENS", "KEYBOARD", "SECRETARY"].map((name) => ({
      name: `not ${name}`,
      changes: [with_(`env: { ${name}: "1" }`)],
      expected: [],
    })),
    { name: "not one that is empty", changes: [with_('env: { HF_TOKEN: "" }')], expected: [] },
    { name: "not the argument --tokenizer", changes: [with_("arguments: [--tokenizer, /x]")], expected: [] },
    ...["--api-keys-file", "--eos-token"].map((argument) => ({
      name: `not the argument ${argument}, which vllm does not have`,
      changes: [with_(`arguments: [▸${argument}, /x]`)],
      expected: ["warning  models.llama.arguments[0]  unknown-flag"],
    })),
    {
      name: "by its argument, --ssl-keyfile-password, which vllm does not have",
      changes: [with_("arguments: [▸--ssl-keyfile-password, abc]")],
      expected: [secret("arguments[0]", "the argument"), "warning  models.llama.arguments[0]  unknown-flag"],
    },
    ...[
      "http://proxy.example.com:3128/a:b@c",
      "postgres://team@db.example.com:5432/prod",
      "eyJ1.eyJ2.3",
      `eyJ${"a".repeat(17)}.eyJ${"b".repeat(30)}.`,
    ].map((value) => ({
      name: `not ${value.slice(0, 30)}, in which there is none`,
      changes: [with_(`env: { SETTING: "${value}" }`)],
      expected: [],
    })),
    {
      name: "in the clear and in Secrets Manager",
      changes: [
        with_(
          "env: { HF_TOKEN: ▸abc }\n    secrets: { HF_TOKEN: arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-AbCdEf }",
        ),
      ],
      expected: [
        "error  models.llama.env.HF_TOKEN  both-given  HF_TOKEN is in secrets too; remove one of the two",
      ],
    },
  ]);
});

describe("where secrets are kept", () => {
  const secret = (arn: string) => with_(`secrets: { HF_TOKEN: ▸"${arn}" }`);
  testRules([
    ...[
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:chat/hf-AbCdEf",
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1_a+b=c.d@e-AbCdEf",
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-AbCdEf:token::",
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-AbCdEf:a key:AWSPREVIOUS:",
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-AbCdEf:::9d4cb84b-ad69-40c0-a0ab-cead36b967e8",
      "arn:aws:ssm:us-east-1:123456789012:parameter/chat/hf-token",
    ].map((arn) => ({ name: `may be ${arn}`, changes: [secret(arn)], expected: [] })),
    ...[
      "hf-token",
      "arn:aws:ssm:us-east-1::parameter/aws/service/x",
      "arn:aws:ssm:us-east-1:123456789012:document/x",
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:*",
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-AbCdEf:key:stage:id:more",
      "arn:aws:ssm:us-east-1:123456789012:parameter/hf:token::",
      "arn:aws:s3:::bucket",
    ].map((arn) => ({
      name: `cannot be ${arn}`,
      changes: [secret(arn)],
      expected: [
        `error  models.llama.secrets.HF_TOKEN  wrong-format  "${arn}" is no ARN of a secret or a parameter; write it as arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-token-AbCdEf or arn:aws:ssm:us-east-1:123456789012:parameter/hf-token`,
      ],
    })),
    {
      name: "cannot be a parameter of another region",
      changes: [secret("arn:aws:ssm:us-west-2:123456789012:parameter/hf")],
      expected: [
        "error  models.llama.secrets.HF_TOKEN  in-another-region  is in us-west-2, and instances in us-east-1 must not need another region; use one in us-east-1",
      ],
    },
  ]);
});

describe("what instances need of another region", () => {
  const SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:hf-AbCdEf";
  const KEY = "arn:aws:kms:us-west-2:123456789012:key/1";
  const GROUP = "arn:aws:resource-groups:us-west-2:123456789012:group/gpus";
  testRules([
    {
      name: "is refused",
      changes: [
        with_(
          `secrets: { HF_TOKEN: ▸${SECRET} }\n    volume: { kmsKeyArn: ▸${KEY} }\n    capacityReservation: { resourceGroupArn: ▸${GROUP} }`,
        ),
      ],
      expected: ["secrets.HF_TOKEN", "volume.kmsKeyArn", "capacityReservation.resourceGroupArn"].map(
        (path) => `error  models.llama.${path}  in-another-region`,
      ),
    },
    {
      name: "is refused for each of several regions",
      changes: [with_(`volume: { kmsKeyArn: ▸${KEY} }`), EUROPE],
      expected: ["eu-west-1", "us-east-1"].map(
        (region) =>
          `error  models.llama.volume.kmsKeyArn  in-another-region  is in us-west-2, and instances in ${region} must not need another region; write that of ${region} under regions.${region}.models`,
      ),
    },
    {
      name: "is refused of keys that decrypt",
      changes: [with_(`kmsKeyArns: [▸${KEY}]`)],
      expected: ["error  models.llama.kmsKeyArns[0]  in-another-region"],
    },
    {
      name: "is refused without a region",
      changes: [with_("volume: { kmsKeyArn: ▸arn:aws:kms::123456789012:key/1 }")],
      expected: [
        "error  models.llama.volume.kmsKeyArn  in-another-region  is in no region, and instances in us-east-1 must not need another region; use one in us-east-1",
      ],
    },
    {
      name: "is had in their own",
      changes: [with_(`secrets: { HF_TOKEN: ${SECRET.replace("west-2", "east-1")} }`)],
      expected: [],
    },
  ]);
});

describe("what instances are let into, and out by", () => {
  const CAPACITY = "capacity: { min: 3, max: 6 }";
  const also = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
  const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:hf";
  const KEY = "arn:aws:kms:us-east-1:123456789012";
  const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/features";
  const PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/chat/terms";
  const noKey = (index: number, arn: string) =>
    `error  models.llama.kmsKeyArns[${index}]  not-a-key-arn  "${arn}" is not the ARN of one key, and permissions take neither aliases nor wildcards here; write it as arn:aws:kms:us-east-1:123456789012:key/…`;
  testRules([
    {
      name: "a secret by a part of its ARN",
      changes: [also(`secrets: { TOKEN: ▸"${SECRET}" }`)],
      expected: [
        "error  models.llama.secrets.TOKEN  incomplete-secret-arn  lacks the hyphen and six characters at its end, so the instances would get no access; write the complete ARN, as aws secretsmanager describe-secret shows it",
      ],
    },
    {
      name: "a key of a secret by a part of its ARN",
      changes: [also(`secrets: { TOKEN: ▸"${SECRET}:token::" }`)],
      expected: [
        "error  models.llama.secrets.TOKEN  incomplete-secret-arn  lacks the hyphen and six characters at its end, so the instances would get no access; write the complete ARN, as aws secretsmanager describe-secret shows it",
      ],
    },
    {
      name: "what a server reads, by a part of a secret's ARN",
      changes: [also(`reads: [▸"${SECRET}"]`)],
      expected: [
        "error  models.llama.reads[0]  incomplete-secret-arn  lacks the hyphen and six characters at its end, so the instances would get no access; write the complete ARN, as aws secretsmanager describe-secret shows it",
      ],
    },
    {
      name: "what a server reads, in S3 and elsewhere",
      changes: [
        also(
          `reads: ["s3://acme/a/", "arn:aws:s3:::acme", "arn:aws:s3:::acme/b/*", "${SECRET}-AbCd12", "${TABLE}", "${PARAMETER}"]`,
        ),
      ],
      expected: [],
    },
    {
      name: "what a server reads, in another region",
      changes: [also(`reads: [▸"${TABLE.replace("us-east-1", "us-west-2")}"]`)],
      expected: [
        "error  models.llama.reads[0]  in-another-region  is in us-west-2, and instances in us-east-1 must not need another region; use one in us-east-1",
      ],
    },
    {
      name: "what a server reads, by patterns and of other services",
      changes: [
        also(
          'reads: [▸"s3://acme/a*", ▸"arn:aws:s3:::acme/a*", ▸"arn:aws:s3:::*", ▸"arn:aws:sqs:us-east-1:123456789012:jobs"]',
        ),
      ],
      expected: [
        "s3://acme/a*",
        "arn:aws:s3:::acme/a*",
        "arn:aws:s3:::*",
        "arn:aws:sqs:us-east-1:123456789012:jobs",
      ].map(
        (read, index) =>
          `error  models.llama.reads[${index}]  wrong-format  "${read}" is no folder in S3, s3://bucket/prefix/, and no ARN of one (arn:aws:s3:::bucket/prefix/*), of a secret, a Systems Manager parameter or a DynamoDB table`,
      ),
    },
    {
      name: "a table, where no instance reaches it",
      changes: [
        ["cidr: 10.0.0.0/16", "cidr: 10.0.0.0/16\n        nat: none"],
        ["vllm/vllm-openai:v0.28.0", "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v0.28.0"],
        also(`reads: ["s3://acme/a/", ▸"${TABLE}"]`),
      ],
      expected: [
        "error  models.llama.reads[1]  table-unreachable  instances in us-east-1 have no way to the internet (nat: none), and no endpoint of DynamoDB; use nat: per-zone, or leave the table out",
      ],
    },
    {
      name: "a secret by its complete ARN",
      changes: [also(`secrets: { TOKEN: "${SECRET}-AbCd12" }`)],
      expected: [],
    },
    {
      name: "keys by an alias, and by a wildcard",
      changes: [also(`kmsKeyArns: [▸"${KEY}:alias/weights", ▸"${KEY}:key/*"]`)],
      expected: [noKey(0, `${KEY}:alias/weights`), noKey(1, `${KEY}:key/*`)],
    },
    {
      name: "keys for nothing",
      changes: [
        ["weights: { uri: s3://example-weights/llama/, size: 15GiB }", "model: acme/llama"],
        also(`kmsKeyArns: ▸["${KEY}:key/mrk-1234"]\n    volume: { size: 300GiB }`),
      ],
      expected: [
        "warning  models.llama.kmsKeyArns  keys-without-use  the model has neither weights, adapters, reads nor secrets, which these keys are for, so its instances get no access to them; remove the keys. The volume's key is volume.kmsKeyArn",
      ],
    },
    {
      name: "keys by their ids",
      changes: [
        also(
          `secrets: { TOKEN: "${SECRET}-AbCd12" }\n    kmsKeyArns: ["${KEY}:key/12345678-1234-1234-1234-123456789012", "${KEY}:key/mrk-1234"]`,
        ),
      ],
      expected: [],
    },
    {
      name: "a registry behind another port than HTTPS",
      changes: [["vllm/vllm-openai:v0.28.0", "▸registry.example.com:5000/serving:1.0"], DRAINS],
      expected: [
        'error  models.llama.image  registry-port-closed  instances connect to port 443 only, but the registry of "registry.example.com:5000/serving:1.0" has port 5000; use one at port 443',
      ],
    },
    {
      name: "a registry behind the port of HTTPS",
      changes: [["vllm/vllm-openai:v0.28.0", "registry.example.com:443/serving:1.0"], DRAINS],
      expected: [],
    },
  ]);
});
