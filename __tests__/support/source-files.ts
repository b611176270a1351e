import { readdirSync, statSync } from "node:fs";
import path from "node:path";

/** The TypeScript files at or below some places of the project, by path from its root. */
export function sourceFiles(places: readonly string[]): readonly string[] {
  return places.flatMap((place) =>
    statSync(place).isFile()
      ? [place]
      : readdirSync(place, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
          .map((entry) => path.join(entry.parentPath, entry.name)),
  );
}
