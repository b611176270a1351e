import "../testing/matchers";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { encodeUserData, renderUserData } from "../boot/user-data";
import { apiReport } from "../testing/api-limits/check";
import { plainFacts } from "./boot/facts";
import { addressList, exampleStacks, filesOfStacks, GOLDEN_FOLDER, goldenFiles } from "./support/golden";
import type { Json } from "./support/synthesis";

const examples = exampleStacks();
const written = goldenFiles(examples);
const kept = new Map(
  readdirSync(GOLDEN_FOLDER, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(GOLDEN_FOLDER, name)).isFile())
    .map((name) => [name, readFileSync(join(GOLDEN_FOLDER, name), "utf8")]),
);

test("the golden files are those that `npm run golden` writes, and no others", () => {
  expect([...kept.keys()].sort()).toEqual(Object.keys(written).sort());
});

test.each(Object.entries(written).filter(([name]) => kept.has(name)))(
  "the golden file %s is what `npm run golden` writes",
  (name, text) => {
    expect(text).toBe(kept.get(name));
  },
);

describe.each(
  Object.values(examples).flatMap((stacks) =>
    Object.entries<Json>(stacks).map(([name, stack]) => ({ name, stack, all: Object.values<Json>(stacks) })),
  ),
)("the stack $name", ({ stack, all }) => {
  it("fits the schema of the provider", () => {
    expect(stack).toFitTheProvider(all);
  });

  it("fits AWS's API, in every argument", () => {
    expect(apiReport(stack)).toEqual({ findings: [], unknown: [] });
    expect(stack).toFitTheApi();
  });

  it("fits the grammars of its texts", () => {
    expect(stack).toFitTheGrammars();
  });

  it("grants what its instances call", () => {
    expect(stack).toGrantWhatInstancesCall();
  });
});

describe("user data", () => {
  const template = (user_data: string) => ({ resource: { aws_launch_template: { own: { user_data } } } });
  const base64 = (image: string) => encodeUserData(renderUserData({ ...plainFacts, image }));
  const files = (user_data: string) => filesOfStacks("example", { stack: template(user_data) });

  it("is unpacked into what one launch template alone has", () => {
    const [name = "", ...others] = Object.keys(files(base64("a:1"))).filter((each) => !/json$/.test(each));
    expect(name).toMatch(/^example\/stack\/own\/\w+\.sh$/);
    expect(others).toEqual([]);
    expect(files(base64("a:1"))[name]).toContain("='a:1'\n");
  });

  it("is named part by part in the JSON, by hashes of which only one changes with it", () => {
    const parts = ["a:1", "a:2"].map((image) => {
      const { resource } = JSON.parse(files(base64(image))["example/stack.tf.json"] ?? "");
      return resource.aws_launch_template.own.user_data;
    });
    expect(parts[0]).toEqual([
      expect.stringMatching(/^boot\/packed\.gz [0-9a-f]{12}$/),
      expect.stringMatching(/^stack\/own [0-9a-f]{12}$/),
    ]);
    expect(parts[1]).toEqual([parts[0][0], expect.not.stringContaining(parts[0][1])]);
  });

  it("has to begin with what all launch templates have", () => {
    expect(() => files("IyEvYmluL3No")).toThrow(
      "the user data of stack aws_launch_template.own does not begin with boot/packed.gz",
    );
  });
});

test("a list of addresses has all that the stacks say, in order, and one line changes with one part", () => {
  const list = (name: string) =>
    addressList({
      b: { output: { name: { value: name } }, data: { aws_vpc: { v: { id: "v" } } } },
      a: { resource: { aws_lb: { z: {}, y: { internal: true } } } },
    }).split("\n");
  expect(list("one")).toEqual([
    expect.stringMatching(/^a {2}aws_lb\.y {2}[0-9a-f]{12}$/),
    expect.stringMatching(/^a {2}aws_lb\.z {2}[0-9a-f]{12}$/),
    expect.stringMatching(/^b {2}data\.aws_vpc\.v {2}[0-9a-f]{12}$/),
    expect.stringMatching(/^b {2}output\.name {2}[0-9a-f]{12}$/),
    "",
  ]);
  expect(list("two").filter((line) => !list("one").includes(line))).toEqual([
    expect.stringMatching(/^b {2}output\.name {2}/),
  ]);
});
