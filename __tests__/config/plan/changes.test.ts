import { CHANGES, changeOf, rememberedOf } from "../../../config/plan/changes";
import { IN_PLACE } from "../../../config/plan/changes-in-place";
import { schemaFields } from "../../support/schema-fields";
import { valid, validFile, type WrittenFile } from "../../support/serving-file";

/** Where a field that may be set in several places stands in the table. */
function inTable(field: string): string {
  if (/(^|\.)accept\./.test(field)) {
    return "accept";
  }
  return field
    .replace(/^regions\.\*\.(entry|observability|tags)\b/, "$1")
    .replace(/^regions\.\*\.models\./, "models.")
    .replace(/^models\.\*\.variants\.\*\.(?!weight$)/, "models.*.");
}

const fields = new Set(schemaFields().map(inTable));
const listed = new Set([...CHANGES, ...IN_PLACE].flatMap((each) => each.fields));

describe("the table of changes", () => {
  test("has every field of serving.yaml, so that a new one has to be thought of", () => {
    expect([...fields].filter((field) => !listed.has(field))).toEqual([]);
  });

  test("has no field that is not one, or the beginning of some", () => {
    const known = (field: string) =>
      [...fields].some((each) => each === field || each.startsWith(`${field}.`));
    const families = (field: string) => known(field) || known(field.replace(/\.\*$/, ""));
    expect([...listed].filter((field) => !families(field))).toEqual([]);
  });

  test("says of a field either that it changes in place, or what else it does", () => {
    const inPlace = new Set(IN_PLACE.flatMap((each) => each.fields));
    expect(CHANGES.flatMap((change) => change.fields).filter((field) => inPlace.has(field))).toEqual([]);
    expect(inPlace.size).toBe(IN_PLACE.flatMap((each) => each.fields).length);
  });

  test("has steps for what is refused or interrupts something, and for nothing else", () => {
    for (const { id, way, steps } of CHANGES) {
      expect([id, steps.length > 0]).toEqual([id, way !== "one apply"]);
    }
  });

  test("names each change once, with what AWS does and a source", () => {
    expect(new Set(CHANGES.map(({ id }) => id)).size).toBe(CHANGES.length);
    for (const { aws, source } of [...CHANGES, ...IN_PLACE]) {
      expect(aws).toMatch(/\.$/);
      expect(source).not.toBe("");
    }
    expect(() => changeOf("no such change")).toThrow('there is no change "no such change"');
  });
});

describe("what the stack of a region remembers", () => {
  const remembered = (change: (file: WrittenFile) => unknown = () => undefined) => {
    const file = structuredClone(validFile());
    change(file);
    const [region] = valid(file).deployment.regions;
    return region && Object.fromEntries(rememberedOf(region).map(({ change: { id }, value }) => [id, value]));
  };
  const network = (create: object) => (file: WrittenFile) =>
    Object.assign(file.regions["us-east-1"] ?? {}, { network: { create } });

  test("is the scheme, the network, and whether zones have names", () => {
    expect(remembered(network({ cidr: "10.0.0.0/16" }))).toEqual({
      scheme: "internet-facing",
      network: "10.0.0.0/16",
      "zone-naming": "a number of zones",
    });
  });

  test("stays with another number of zones, or other names", () => {
    const three = remembered(network({ cidr: "10.0.0.0/16", zones: 3 }));
    expect(remembered(network({ cidr: "10.0.0.0/16", zones: 2 }))).toEqual(three);
    const named = remembered(network({ cidr: "10.0.0.0/16", zones: ["us-east-1a", "us-east-1b"] }));
    expect(named).toMatchObject({ "zone-naming": "zones by name" });
    expect(remembered(network({ cidr: "10.0.0.0/16", zones: ["us-east-1a", "us-east-1c"] }))).toEqual(named);
  });

  test("is the id of an existing VPC, whose zones are its own", () => {
    const existing = {
      vpcId: "vpc-0123456789abcdef0",
      albSubnetIds: ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0bbbbbbbbbbbbbbb2"],
      instanceSubnetIds: ["subnet-0ccccccccccccccc3", "subnet-0ddddddddddddddd4"],
    };
    expect(
      remembered((file) => Object.assign(file.regions["us-east-1"] ?? {}, { network: { existing } })),
    ).toEqual({ scheme: "internet-facing", network: "vpc-0123456789abcdef0" });
  });

  test("follows what a region writes of its own", () => {
    expect(
      remembered((file) => Object.assign(file.regions["us-east-1"] ?? {}, { entry: { scheme: "internal" } })),
    ).toMatchObject({ scheme: "internal" });
  });
});
