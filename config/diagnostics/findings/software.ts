import { model, models, parts, region } from "./example";
import type { Findings } from "./finding";

/** What runs on the instances: images, variables, secrets and keys. */
export const software = {
  "malformed-image": {
    severity: "error",
    sentence: "The text is not the name of a container image.",
    example: model("image: VLLM latest"),
    remedy: "Write it as `vllm/vllm-openai:v0.28.0`.",
  },
  "image-tag-moves": {
    severity: "error",
    sentence:
      "The tag names another image from one day to the next. Two instances may run different software.",
    example: model("image: vllm/vllm-openai:latest"),
    remedy: "Write a version tag or a digest.",
  },
  "image-of-other-architecture": {
    severity: "error",
    sentence:
      "The name or tag says that the image is of another CPU architecture than the instances. It would not start.",
    example: model("image: vllm/vllm-openai:v0.28.0-arm64"),
    remedy: "Use the image of the instances' architecture, or other instance types.",
  },
  "image-serves-otherwise": {
    severity: "error",
    sentence:
      "By its name the image listens, answers or takes its model in another way than the others of its server: images for SageMaker do, and some have no server.",
    example: model("image: public.ecr.aws/deep-learning-containers/vllm:server-sagemaker-cuda-v1.0.0"),
    remedy: "Use the image that the message names, or describe the image as a `custom` server.",
  },
  "registry-on-instance": {
    severity: "error",
    sentence: "The image is to come from the instance itself, where there is no registry.",
    example: model("image: localhost:5000/vllm:v1"),
    remedy: "Push the image to a registry that instances reach, and write it with that registry's name.",
  },
  "registry-port-closed": {
    severity: "error",
    sentence: "Instances reach other machines by port 443 only, and the registry has another port.",
    example: model("image: registry.example.com:5000/vllm:v1"),
    remedy: "Use a registry at port 443, such as Amazon ECR.",
  },
  "image-unreachable": {
    severity: "error",
    sentence: "Instances have no way to the internet, and the image is not in the region's Amazon ECR.",
    example: region("network: { create: { cidr: 10.0.0.0/16, nat: none } }"),
    remedy: "Copy the image to Amazon ECR in the region, or write `nat: per-zone`.",
  },
  "image-needs-login": {
    severity: "error",
    sentence: "The registry gives the image only to those who sign in. Instances cannot pull it.",
    example: model("server: nim", "image: nvcr.io/nim/meta/llama-3.1-8b-instruct:2.0.1"),
    remedy:
      "Write `registry` with the ARN of the secret that holds the password. Or copy the image to Amazon ECR in the region, and write the name of the copy.",
  },
  "image-may-need-login": {
    severity: "warning",
    sentence: "The registry gives some images of this kind only to those who sign in.",
    example: model("server: nim", "image: nvcr.io/nim/meta/llama-3.1-8b-instruct:2.1.0"),
    remedy: "As for `image-needs-login`; or try `docker pull` without a login, and accept the warning.",
  },
  "registry-without-user": {
    severity: "error",
    sentence:
      "The registry asks for the name of a user, and none is known; or it has one for all, and another is written.",
    example: model(
      "image: ghcr.io/example/vllm:v0.28.0",
      "registry: { secret: arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf }",
    ),
    remedy: "Write `user` beside `secret`; for `nvcr.io` leave it out.",
  },
  "registry-login-to-ecr": {
    severity: "error",
    sentence: "To Amazon ECR an instance signs in by its role, and a password of it lasts 12 hours.",
    example: model(
      "image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v0.28.0",
      "registry: { user: AWS, secret: arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf }",
    ),
    remedy: "Remove `registry`. Is it for the images of another registry, write that as its `server`.",
  },
  "registry-of-no-image": {
    severity: "warning",
    sentence: "The login is for a registry from which no image comes. No instance would sign in.",
    example: model(
      "registry: { server: nvcr.io, secret: arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf }",
    ),
    remedy: "Write the registry of `image` as `server`, or remove `registry`.",
  },
  "docker-hub-limit": {
    severity: "warning",
    sentence:
      "More instances pull from Docker Hub by one address of a NAT gateway than it gives images to without a login. The others do not start.",
    example: model("capacity: { min: 60, max: 400 }"),
    remedy:
      "Copy the image to Amazon ECR, and write the name of the copy. Or write `registry` with a paid account of Docker Hub.",
  },
  "image-in-another-region": {
    severity: "warning",
    sentence: "The image lies in another region. New instances cannot start while that region is down.",
    example: model("image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/vllm:v1"),
    remedy:
      "Let Amazon ECR replicate the image, and write each region's own under `regions.<region>.models`.",
  },
  "image-in-another-partition": {
    severity: "error",
    sentence: "The image lies in another partition of AWS, whose registry instances here may not use.",
    example: model("image: 123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/vllm:v1"),
    remedy: "Copy the image to a registry of this partition.",
  },
  "secret-in-plain-text": {
    severity: "error",
    sentence: "The text looks like a secret. Anyone who reads the file, the plan or the state would see it.",
    example: model("env: { API_KEY: letmein }"),
    remedy: "Put it into Secrets Manager or a SecureString parameter, and its ARN into `secrets`.",
  },
  "secret-name-refused": {
    severity: "error",
    sentence:
      "A secret is to be read under a name that means something to the shell on the instance, which would break it.",
    example: model("secrets: { PATH: arn:aws:ssm:us-east-1:123456789012:parameter/chat/path }"),
    remedy: "Choose another name for the variable.",
  },
  "incomplete-secret-arn": {
    severity: "error",
    sentence:
      "The ARN of the secret lacks the six characters that AWS adds, and permissions compare the complete ARN.",
    example: model("secrets: { HF_TOKEN: arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-token }"),
    remedy: "Write the ARN as `aws secretsmanager describe-secret` shows it.",
  },
  "not-a-key-arn": {
    severity: "error",
    sentence: "Permissions to decrypt name keys, and this is an alias or a wildcard.",
    example: model("kmsKeyArns: [arn:aws:kms:us-east-1:123456789012:alias/chat]"),
    remedy: "Write the ARN of the key, with `:key/` in it.",
  },
  "keys-without-use": {
    severity: "warning",
    sentence:
      "The keys are for weights, adapters and secrets, and the model has none, so its instances get no access to them.",
    example: models(
      "capacity: { min: 3, max: 6 }",
      parts("capacity: { min: 3, max: 6 }", "kmsKeyArns: [arn:aws:kms:us-east-1:123456789012:key/1234]"),
    ),
    remedy: "Remove the keys. The key of the volume is `volume.kmsKeyArn`.",
  },
  "table-unreachable": {
    severity: "error",
    sentence:
      "The server is to read a DynamoDB table, and its instances reach no AWS service without an endpoint, of which there is none for DynamoDB.",
    example: parts(
      region("network: { create: { cidr: 10.0.0.0/16, nat: none } }"),
      model("reads: [arn:aws:dynamodb:us-east-1:123456789012:table/features]"),
    ),
    remedy: "Use `nat: per-zone`, or leave the table out of `reads`.",
  },
  "unknown-bearer": {
    severity: "error",
    sentence: "The probe is to carry the value of a variable that the instance does not have.",
    example: model("probe: { path: /v1/models, bearer: API_TOKEN }"),
    remedy: "Add the variable to `secrets`, or leave `bearer` out.",
  },
  "nul-character": {
    severity: "error",
    sentence: "The text holds a NUL character, which no argument or variable of a program can hold.",
    example: model('arguments: ["--name=a\\0b"]'),
    remedy: "Leave the character out.",
  },
  "user-data-too-large": {
    severity: "error",
    sentence: "EC2 takes 16 KiB of user data, and the facts about its server are longer.",
    example: model(
      `arguments: [--chat-template, "${Array.from({ length: 4000 }, (_, index) => ((index * 7919) % 65_537).toString(36)).join("")}"]`,
    ),
    remedy:
      "Put long texts into the image, or into files in the folder of `weights.uri`, which the server sees in `/models`.",
  },
} as const satisfies Findings;
