import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { packScripts } from "../boot/packed";

// Writes boot/packed.json anew after a script in boot/ has changed: node --require tsx/cjs scripts/pack-boot.ts
const PACKED = "boot/packed.json";

const names = readdirSync("boot").filter((name) => name.endsWith(".sh"));
const scripts = Object.fromEntries(names.map((name) => [name, readFileSync(`boot/${name}`, "utf8")]));
const before = existsSync(PACKED) ? JSON.parse(readFileSync(PACKED, "utf8")) : {};

writeFileSync(PACKED, `${JSON.stringify(packScripts(scripts, before), undefined, 2)}\n`);
