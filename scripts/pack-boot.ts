import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { gzipAsync } from "@gfx/zopfli";
import { packed, textOfAnyInstance } from "../boot/any-instance";

// Writes boot/packed.gz anew after another file in boot/ has changed: npm run pack
const PACKED = "boot/packed.gz";

async function pack(): Promise<void> {
  const text = textOfAnyInstance((name) => readFileSync(`boot/${name}`, "utf8"));
  // User data has room for 16 KiB, and this makes it smaller than zlib does.
  const anew = Buffer.from(await gzipAsync(Buffer.from(text), { numiterations: 100 }));
  writeFileSync(PACKED, packed(text, existsSync(PACKED) ? readFileSync(PACKED) : undefined, anew));
}

void pack();
