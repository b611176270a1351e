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
