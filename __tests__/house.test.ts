import { readFileSync } from "node:fs";
import path from "node:path";
import { preProcessFile } from "@typescript/typescript6";
import { sourceFiles } from "./support/source-files";

/** The rooms of the house, each with those that its files may import beside their own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  aws: [],
  boot: ["aws"],
  "config/units.ts": [],
  "config/diagnostics": [],
  "config/source": ["config/diagnostics"],
  "config/servers": ["aws", "config/units.ts", "config/diagnostics"],
  "config/gpu": ["aws", "config/units.ts", "config/diagnostics"],
  "config/routes": ["aws", "config/units.ts", "config/diagnostics"],
  "config/schema": ["aws", "config/units.ts", "config/diagnostics", "config/servers", "config/routes"],
  "config/plan": [
    ...["aws", "boot", "config/units.ts", "config/diagnostics"],
    ...["config/servers", "config/gpu", "config/routes", "config/schema"],
  ],
  "config/checks": [
    ...["aws", "boot", "config/units.ts", "config/diagnostics"],
    ...["config/servers", "config/gpu", "config/routes", "config/schema", "config/plan"],
  ],
  "config/report": ["config/units.ts", "config/diagnostics", "config/plan", "config/checks"],
  "config/load.ts": ["config/diagnostics", "config/source", "config/schema", "config/plan", "config/checks"],
  constructs: ["aws"],
  review: [
    ...["aws", "config/units.ts", "config/diagnostics", "config/plan"],
    ...["simulation", "simulation/terraform", "testing"],
  ],
  stacks: ["aws", "boot", "config/plan", "constructs"],
  "scripts/watch.ts": [],
  controls: ["aws", "config/diagnostics", "simulation/terraform", "testing"],
  local: ["aws", "config/servers", "simulation", "simulation/terraform", "testing"],
  simulation: ["aws"],
  "simulation/terraform": ["aws", "simulation", "testing"],
  testing: ["aws"],
  "main.ts": [
    ...["config/diagnostics", "config/load.ts", "config/plan", "config/checks", "config/report"],
    ...["scripts/watch.ts", "stacks", "controls"],
  ],
};

/** The innermost room that a file lies in. */
function roomOf(file: string): string | undefined {
  return Object.keys(MAY_IMPORT)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)
    .at(0);
}

/** The project's own files that a file imports, types among them. */
function importsOf(file: string): readonly string[] {
  return preProcessFile(readFileSync(file, "utf8"))
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => path.join(path.dirname(file), name))
    .map((name) => (path.extname(name) === ".json" ? name : `${name}.ts`));
}

const files = sourceFiles([
  ...["main.ts", "scripts/watch.ts", "aws", "boot", "config", "constructs", "controls", "local"],
  ...["review", "simulation", "stacks", "testing"],
]);
const imports = new Map(files.map((file) => [file, importsOf(file)]));

it("has a room for every file", () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
});

it("has no room without a file", () => {
  const rooms = new Set(files.map(roomOf));
  expect(Object.keys(MAY_IMPORT).filter((room) => !rooms.has(room))).toEqual([]);
});

it("imports only what its room may know", () => {
  const forbidden = [...imports].flatMap(([file, targets]) => {
    const room = roomOf(file) ?? "";
    return targets
      .filter((target) => ![room, ...(MAY_IMPORT[room] ?? [])].includes(roomOf(target) ?? ""))
      .map((target) => `${file} → ${target}`);
  });
  expect(forbidden).toEqual([]);
});

it("imports in no circle", () => {
  const ended = new Set<string>();
  const circles: string[] = [];
  const follow = (file: string, trail: readonly string[]) => {
    if (trail.includes(file)) {
      circles.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
    } else if (!ended.has(file)) {
      for (const target of imports.get(file) ?? []) {
        follow(target, [...trail, file]);
      }
      ended.add(file);
    }
  };
  for (const file of files) {
    follow(file, []);
  }
  expect(circles).toEqual([]);
});
