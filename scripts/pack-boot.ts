import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { packed, textOfAnyInstance } from "../boot/any-instance";

// Writes boot/packed.gz anew after another file in boot/ has changed: npm run pack
const PACKED = "boot/packed.gz";

const text = textOfAnyInstance((name) => readFileSync(`boot/${name}`, "utf8"));

writeFileSync(PACKED, packed(text, existsSync(PACKED) ? readFileSync(PACKED) : undefined));
