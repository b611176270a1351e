import { parseEcrImage } from "../../aws/ecr-image";

const lies = { account: "123456789012", region: "eu-west-1", repository: "team/vllm" };

test.each([
  ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/vllm", lies],
  ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/vllm:v1", lies],
  [`123456789012.dkr.ecr-fips.eu-west-1.amazonaws.com/team/vllm@sha256:${"0".repeat(64)}`, lies],
  ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/vllm", { ...lies, region: "cn-north-1" }],
])("%s lies in Amazon ECR", (image, where) => {
  expect(parseEcrImage(image)).toEqual(where);
});

test.each([
  "vllm/vllm-openai:v0.28.0",
  "public.ecr.aws/team/vllm",
  "12345.dkr.ecr.eu-west-1.amazonaws.com/team/vllm",
  "123456789012.dkr.ecr-other.eu-west-1.amazonaws.com/team/vllm",
  "123456789012.dkr.ecr.eu-west-1.amazonaws.com.example.com/team/vllm",
  "123456789012.dkr.ecr.eu-west-1.amazonaws.com/",
])("%s does not", (image) => {
  expect(parseEcrImage(image)).toBeUndefined();
});
