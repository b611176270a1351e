import { execFileSync } from "node:child_process";
import type { Layout } from "../../review/picture/svg";

/** Graphviz, in a process of its own. */
export const layout: Layout = (dot) =>
  execFileSync(process.execPath, ["run.cjs", "__tests__/support/lay-out.ts"], {
    encoding: "utf8",
    input: dot,
  });
