import { testRules } from "../../support/rule-cases";

const tags = (fields: string): readonly [string, string] => ["name: chat\n", `name: chat\ntags: ${fields}\n`];
const inRegion = (fields: string): readonly [string, string] => [
  "  us-east-1:\n",
  `  us-east-1:\n    tags: ${fields}\n`,
];
const many = (count: number) =>
  `{ ${Array.from({ length: count }, (_, index) => `t${index}: x`).join(", ")} }`;

describe("tags", () => {
  testRules([
    ...[
      ...["deployment", "managed-by", "Name", "model", "variant"],
      ...["metrics-port", "metrics-path", "metrics-scheme"],
    ].map((key) => ({
      name: `not ${key}, which the stacks set`,
      changes: [tags(`{ ▸${key}: x }`), inRegion(`{ ▸${key}: x }`)],
      expected: ["tags", "regions.us-east-1.tags"].map(
        (path) =>
          `error  ${path}.${key}  reserved-tag  the stacks set the tag "${key}" themselves; choose another key`,
      ),
    })),
    {
      name: "not with a comma in the key",
      changes: [tags('{ ▸"a,b": x }')],
      expected: [
        'error  tags["a,b"]  tag-key-refused  tag "a,b": IAM takes no comma in a key; use another sign',
      ],
    },
    {
      name: "not two that differ in case alone",
      changes: [tags("{ Team: x, ▸team: y }")],
      expected: [
        'error  tags.team  duplicate-tag  IAM treats "team" and "Team" as one key; remove one of them',
      ],
    },
    {
      name: "with all that a value may hold",
      changes: [tags('{ a: "Größe 1 _.:/=+-@", b: "" }')],
      expected: [],
    },
    {
      name: "not with a sign that a value may not hold",
      changes: [tags('{ a: ▸"x, y" }')],
      expected: [
        'error  tags.a  tag-value-refused  has ","; a tag\'s value may hold letters, digits, spaces and _ . : / = + - @',
      ],
    },
    { name: "as many as there is room for", changes: [tags(many(40))], expected: [] },
    {
      name: "more than there is room for",
      changes: [tags(`▸${many(41)}`)],
      expected: [
        "error  tags  too-many-tags  41 tags in us-east-1 are more than AWS takes beside the stack's own; use 40 or fewer",
      ],
    },
    {
      name: "more than there is room for, with those of a region",
      changes: [tags(`▸${many(40)}`), inRegion("{ u: x }")],
      expected: ["error  tags  too-many-tags"],
    },
  ]);
});
