import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { useS3State } from "../../stacks/state-backend";

const state = { bucket: "ha-serving-state", region: "us-east-1", key: "ha-serving/eu-west-1.tfstate" };
const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

function backendOf(props: Parameters<typeof useS3State>[1]) {
  const stack = new TerraformStack(Testing.app(), "region");
  useS3State(stack, props);
  return JSON.parse(Testing.synth(stack)).terraform.backend;
}

it("keeps the state in S3, locked, and leaves the encryption to the bucket, whose key AES256 would override", () => {
  expect(backendOf(state)).toEqual({ s3: { ...state, use_lockfile: true } });
});

it("encrypts with the KMS key it is given", () => {
  expect(backendOf({ ...state, kmsKeyArn })).toEqual({
    s3: { ...state, encrypt: true, kms_key_id: kmsKeyArn, use_lockfile: true },
  });
});

it("leaves the lock setting out where another stack reads the state, as only a backend has it", () => {
  const app = Testing.app();
  const producer = new TerraformStack(app, "region");
  const consumer = new TerraformStack(app, "global");
  useS3State(producer, { ...state, kmsKeyArn });
  new AwsProvider(producer, "aws", { region: "eu-west-1" });
  const vpc = new Vpc(producer, "vpc", {});
  new TerraformOutput(consumer, "vpc", { value: vpc.id });
  app.synth();
  const { terraform_remote_state } = JSON.parse(Testing.synth(consumer)).data;
  expect(terraform_remote_state["cross-stack-reference-input-region"]).toMatchObject({
    backend: "s3",
    config: { ...state, encrypt: true, kms_key_id: kmsKeyArn },
  });
  expect(terraform_remote_state["cross-stack-reference-input-region"].config).not.toHaveProperty(
    "use_lockfile",
  );
});
