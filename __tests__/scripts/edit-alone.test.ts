import { editAlone } from "../../scripts/back/edit-alone";

const overBase = "base: base.yaml\nmodels:\n  chat: { image: a }\n";
const VARIANT = ["models", "chat", "variants", "canary"];

describe("a file over a base", () => {
  test("gets values that the base has", () => {
    const edits = [{ path: ["models", "chat", "weights", "uri"], value: "s3://b/chat/" }];
    expect(editAlone(overBase, "staging.yaml", edits)).toContain("weights: { uri: s3://b/chat/ }");
  });

  test("loses no value that it does not have", () => {
    expect(() => editAlone(overBase, "staging.yaml", [{ path: VARIANT, value: undefined }])).toThrow(
      "staging.yaml does not say models.chat.variants.canary; if its base does, base.yaml, take it out there",
    );
  });
});
