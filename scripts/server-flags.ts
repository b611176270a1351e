import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { FLAGS_FILE, type FlagLists } from "../config/servers/flags";
import { flagsInHelp } from "./server-flags/help";
import { listsText, withVersion } from "./server-flags/lists";

/** Every listed server has more: fewer are a part of the help, as vLLM prints it without `=all`. */
const LEAST_FLAGS = 20;

// Adds a version to the list of a server's flags, from what the server prints:
// docker run --rm IMAGE --help=all | npm run server-flags -- vllm 0.30.0
const { positionals } = parseArgs({ allowPositionals: true });
const [server = "", version = ""] = positionals;
const lists: FlagLists = JSON.parse(readFileSync(FLAGS_FILE, "utf8"));
const list = lists[server];
if (list === undefined || !/\d/.test(version) || positionals.length !== 2) {
  console.error(
    `usage: npm run server-flags -- SERVER VERSION < help.txt, with SERVER one of ${Object.keys(lists).join(", ")}`,
  );
  process.exitCode = 2;
} else {
  const read = flagsInHelp(readFileSync(0, "utf8"));
  if (Object.keys(read).length < LEAST_FLAGS) {
    console.error(
      `only ${Object.keys(read).length} flags were found: this is not all that ${server} prints with --help`,
    );
    process.exitCode = 1;
  } else {
    const today = new Date().toISOString().slice(0, 10);
    const { list: changed, added, gone } = withVersion(list, version, read, today);
    writeFileSync(FLAGS_FILE, listsText({ ...lists, [server]: changed }));
    console.log(
      `${server} ${version}: ${added.length} new (${added.join(", ")}), ${gone.length} gone (${gone.join(", ")})`,
    );
  }
}
