import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goodDeployment } from "../../scripts/good-deployment";
import { VALID_YAML } from "../support/serving-file";

const folder = mkdtempSync(join(tmpdir(), "good-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "serving.yaml");
const written = (text: string) => {
  writeFileSync(file, text);
  return file;
};

const closed = VALID_YAML.replace("cidr: 10.0.0.0/16", "cidr: 10.0.0.0/16\n        nat: none").replace(
  "weights: { uri: s3://example-weights/llama/, size: 15GiB }",
  "model: acme/llama",
);

test("a file whose only errors a command mends is good for it", () => {
  const { deployment, warnings } = goodDeployment(written(closed), ["hub-unreachable", "image-unreachable"]);
  expect(deployment.name).toBe("chat");
  expect(warnings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(["hub-unreachable", "image-unreachable"]),
  );
});

test("a file with other errors is not, nor one that is malformed", () => {
  expect(() => goodDeployment(written(closed), ["hub-unreachable"])).toThrow("[image-unreachable]");
  expect(() => goodDeployment(written(closed))).toThrow("[hub-unreachable]");
  expect(() => goodDeployment(written("name: chat\n"), ["missing-field"])).toThrow("[missing-field]");
});
