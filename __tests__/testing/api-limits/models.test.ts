import { readFileSync } from "node:fs";
import { botocore, serviceModel, servicesIn, textOf, toJavaScript } from "../../../scripts/botocore";
import { MODELS } from "../../../testing/api-limits/model";

const found = botocore();
const isSame = found?.version === MODELS.botocore;
// Where CI has installed the AWS CLI of this project, its botocore is the one that the models are from.
const maySkip = process.env.REQUIRE_TOOLS === undefined && !isSame;

(maySkip ? test.skip : test)("models.json is what `npm run api-limits` writes of the same botocore", () => {
  expect(found?.version).toBe(MODELS.botocore);
  const services = servicesIn(found?.folder ?? "");
  expect(readFileSync("testing/api-limits/models.json", "utf8")).toBe(textOf({ ...MODELS, services }));
});

test("every pattern is one of JavaScript", () => {
  const patterns = Object.values(MODELS.services).flatMap(({ shapes }) =>
    Object.values(shapes).flatMap((shape) => ("pattern" in shape ? [shape.pattern ?? ""] : [])),
  );
  expect(patterns.length).toBeGreaterThan(50);
  for (const pattern of patterns) {
    expect(() => new RegExp(`^(?:${pattern})$`, "u")).not.toThrow();
  }
});

test("there is no botocore in a folder without one", () => {
  expect(botocore("/nowhere/data")).toBeUndefined();
});

describe("a pattern of Java", () => {
  it.each([
    ["[a-z]+", "a", "1"],
    ["[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", "Größe 1", "a<b"],
    ["[\\w\\@\\_]+", "a@_", "a#"],
    ["[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*", "a😀\n", "a\u0000"],
  ])("%s becomes one of JavaScript", (pattern, taken, refused) => {
    const regex = new RegExp(`^(?:${toJavaScript(pattern)})$`, "u");
    expect([regex.test(taken), regex.test(refused)]).toEqual([true, false]);
  });

  it.each(["[a-z&&[^x]]", "[a[b]]", "a++", "(?i)a", "\\Aa\\z", "\\h", "(?<=a", "\\p{Alnum}"])(
    "%s, which JavaScript would read otherwise or not at all, is not converted",
    (pattern) => {
      expect(toJavaScript(pattern)).toBeUndefined();
    },
  );
});

describe("a service model", () => {
  const raw = {
    metadata: { apiVersion: "2020-01-01" },
    shapes: {
      PutRequest: {
        type: "structure",
        required: ["Name"],
        members: {
          Name: { shape: "Name", documentation: "is left out" },
          Sizes: { shape: "Sizes" },
          Labels: { shape: "Labels" },
          Free: { shape: "Free" },
          Itself: { shape: "PutRequest" },
          Odd: { shape: "Odd" },
        },
      },
      Name: { type: "string", min: 1, max: 9, pattern: "[a-z]+", documentation: "is left out" },
      Sizes: { type: "list", member: { shape: "Size" }, max: 2 },
      Size: { type: "string", enum: ["small", "large"] },
      Labels: { type: "map", key: { shape: "Name" }, value: { shape: "Free" } },
      Free: { type: "string" },
      Odd: { type: "string", pattern: "a++" },
      Another: { type: "string", max: 1 },
    },
  };

  it("keeps the limits of what its requests hold, and nothing else", () => {
    expect(JSON.parse(JSON.stringify(serviceModel(raw, ["PutRequest"])))).toEqual({
      api: "2020-01-01",
      shapes: {
        Labels: { map: ["Name", "string"] },
        Name: { type: "string", min: 1, max: 9, pattern: "[a-z]+" },
        Odd: { type: "string" },
        PutRequest: {
          members: {
            ...{ Name: "Name", Sizes: "Sizes", Labels: "Labels" },
            ...{ Free: "string", Itself: "PutRequest", Odd: "Odd" },
          },
          required: ["Name"],
        },
        Size: { type: "string", enum: ["small", "large"] },
        Sizes: { list: "Size", max: 2 },
      },
      unchecked: { Odd: "a++" },
    });
  });

  it("lacks the words that lag", () => {
    const { shapes } = serviceModel(raw, ["PutRequest"], ["Size"]);
    expect(shapes.Sizes).toMatchObject({ list: "string" });
  });

  it("has to have the words that a table calls too few", () => {
    expect(() => serviceModel(raw, ["PutRequest"], ["Name"])).toThrow("the model has no words for Name");
  });

  it("has to have what a table names", () => {
    expect(() => serviceModel(raw, ["GetRequest"])).toThrow("the model has no GetRequest");
  });

  it("may not give a limit to a shape that is named like a kind of value", () => {
    const shapes = {
      GetRequest: { type: "structure", members: { A: { shape: "string" } } },
      string: { type: "string", max: 1 },
    };
    expect(() => serviceModel({ ...raw, shapes }, ["GetRequest"])).toThrow("string is a kind of values");
  });
});
