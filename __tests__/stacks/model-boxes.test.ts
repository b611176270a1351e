import { filesOf } from "../boot/box";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { resourcesOfType, synthesized } from "../support/synthesis";

/** The facts that the boxes of a model with these settings are given, as the scripts read them. */
function factsOfBoxes(settings: Partial<WrittenFile["models"][string]>): string {
  const { deployment } = valid({ ...validFile(), models: { llama: { ...validModel(), ...settings } } });
  const [template] = resourcesOfType(synthesized(deployment)["us-east-1"], "aws_launch_template");
  return filesOf(Buffer.from(template.user_data, "base64")).get("/etc/model-server/box.sh") ?? "";
}

describe("the weights of a model", () => {
  it("may lie on the instance store", () => {
    expect(factsOfBoxes({})).toContain("BOX_INSTANCE_STORE='yes'\n");
  });

  it("may lie there too when boxes wait running", () => {
    expect(factsOfBoxes({ warmPool: { state: "Running" } })).toContain("BOX_INSTANCE_STORE='yes'\n");
  });

  it("lie on the volume when boxes wait stopped, which empties the instance store", () => {
    expect(factsOfBoxes({ warmPool: { state: "Stopped" } })).toContain("BOX_INSTANCE_STORE=''\n");
  });
});

describe("the watch over the GPUs", () => {
  const statementsOfBoxes = (settings: Partial<WrittenFile["models"][string]>): readonly string[] => {
    const { deployment } = valid({ ...validFile(), models: { llama: { ...validModel(), ...settings } } });
    const [policy] = resourcesOfType(synthesized(deployment)["us-east-1"], "aws_iam_policy");
    return JSON.parse(policy.policy).Statement.map(({ Sid }: { Sid?: string }) => Sid);
  };

  it("may have the box replaced", () => {
    expect(factsOfBoxes({})).toContain("BOX_GPU_WATCH='yes'\n");
    expect(statementsOfBoxes({})).toEqual(expect.arrayContaining(["MarkUnhealthy", "LookAtGroups"]));
  });

  it("may do nothing where there is none", () => {
    expect(factsOfBoxes({ gpuWatch: false })).toContain("BOX_GPU_WATCH=''\n");
    const statements = statementsOfBoxes({ gpuWatch: false });
    expect(statements).not.toContain("MarkUnhealthy");
    expect(statements).not.toContain("LookAtGroups");
    expect(statements).toContain("CompleteOwnLifecycleActions");
  });
});

describe("the probe of a model", () => {
  it("reaches its boxes, with its time", () => {
    const facts = factsOfBoxes({ longestSilence: "45s" });
    expect(facts).toContain("BOX_PROBE_PATH='/v1/completions'\n");
    expect(facts).toContain("BOX_PROBE_TIMEOUT='45'\n");
  });
});
