import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { transformFileSync } from "@swc/core";

const ROOMS = ["aws", "bench", "boot", "config", "constructs", "stacks"];

/**
 * Writes the whole program as plain JavaScript, which Node runs without transpiling: the floor that running
 * TypeScript is compared with.
 *
 * @param root of the project
 * @returns the folder of the plain program; it lies in `node_modules`, where its imports resolve
 */
export function writeFloor(root: string): string {
  const floor = path.join(root, "node_modules", ".bench-floor");
  rmSync(floor, { recursive: true, force: true });
  const files = [
    "main.ts",
    ...ROOMS.flatMap((room) =>
      readdirSync(path.join(root, room), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name))),
    ),
  ];
  for (const file of files) {
    const target = path.join(floor, file);
    mkdirSync(path.dirname(target), { recursive: true });
    if (file.endsWith(".ts")) {
      writeFileSync(target.replace(/\.ts$/, ".js"), plain(path.join(root, file)));
    } else {
      cpSync(path.join(root, file), target);
    }
  }
  return floor;
}

function plain(file: string): string {
  return transformFileSync(file, {
    swcrc: false,
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs" },
  }).code;
}
