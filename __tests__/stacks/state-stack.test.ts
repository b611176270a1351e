import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App } from "cdktf";
import { StateStack, type StateStackProps } from "../../stacks/state-stack";

const props: StateStackProps = { deployment: "chat", region: "us-east-1", bucket: "example-terraform-state" };
const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** Synthesizes with a fresh folder as the project's root, as the cdktf CLI would. */
function synthesize(more: Partial<StateStackProps> = {}, outdir = "cdktf.out") {
  const before = process.cwd();
  const folder = mkdtempSync(path.join(tmpdir(), "state-stack-"));
  const project = path.join(folder, "project");
  mkdirSync(project);
  mkdirSync(path.resolve(project, outdir), { recursive: true });
  process.chdir(project);
  try {
    const app = new App({ outdir });
    new StateStack(app, "state", { ...props, ...more });
    app.synth();
    return JSON.parse(readFileSync(path.join(outdir, "stacks/state/cdk.tf.json"), "utf8"));
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
}

describe("the state stack", () => {
  const synthesized = synthesize();

  it("makes the bucket", () => {
    expect(synthesized.resource.aws_s3_bucket.state).toMatchObject({
      bucket: "example-terraform-state",
      lifecycle: { prevent_destroy: true },
    });
  });

  it("uses the bucket's region", () => {
    expect(synthesized.provider.aws).toEqual([{ region: "us-east-1" }]);
  });

  it("outputs the bucket and its region", () => {
    expect(synthesized.output).toMatchObject({
      bucket: { value: `\${aws_s3_bucket.state.bucket}` },
      region: { value: "us-east-1" },
    });
  });

  it("keeps its own state in the project's root, by a path that is the same on every machine", () => {
    expect(synthesized.terraform.backend).toEqual({
      local: { path: "../../../terraform.chat.state.tfstate" },
    });
  });

  it("keeps the states of several deployments in one project apart", () => {
    expect(synthesize({ deployment: "talk" }).terraform.backend.local.path).toBe(
      "../../../terraform.talk.state.tfstate",
    );
  });

  it("finds the project's root from an output folder further down", () => {
    expect(synthesize({}, "build/cdktf.out").terraform.backend.local.path).toBe(
      "../../../../terraform.chat.state.tfstate",
    );
  });

  it("keeps its state beside an output folder outside of the project", () => {
    expect(synthesize({}, "../elsewhere/out").terraform.backend.local.path).toBe(
      "../../../terraform.chat.state.tfstate",
    );
  });

  it("encrypts with the KMS key it is given", () => {
    const { resource } = synthesize({ kmsKeyArn });
    expect(
      resource.aws_s3_bucket_server_side_encryption_configuration.state_encryption.rule[0]
        .apply_server_side_encryption_by_default.kms_master_key_id,
    ).toBe(kmsKeyArn);
  });

  it("has Terraform forget, and not delete, the key that it made before it was given one", () => {
    expect(synthesize({ kmsKeyArn }).removed).toEqual([
      { from: "aws_kms_key.state_key", lifecycle: { destroy: false } },
    ]);
    expect(synthesized).not.toHaveProperty("removed");
    expect(synthesized.resource.aws_kms_key).toHaveProperty("state_key");
  });

  it("tags all resources", () => {
    expect(synthesize({ tags: { team: "ml" } }).provider.aws[0].default_tags).toEqual([
      { tags: { team: "ml" } },
    ]);
  });
});
