import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { RecordedPrices } from "../aws/prices";
import { regionCodes } from "../aws/regions";
import { openPriceList } from "./prices/list";
import { pricesText } from "./prices/text";

/** Renews the prices of regions, of all by default, from AWS's public price list. What is read of a region is kept at once. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      from: { type: "string", default: "https://pricing.us-east-1.amazonaws.com" },
      file: { type: "string", default: join(__dirname, "..", "aws", "prices.json") },
    },
  });
  const { from, file } = values;
  const unknown = positionals.filter((region) => !regionCodes.includes(region));
  if (unknown.length > 0) {
    throw new Error(`no region: ${unknown.join(", ")}; usage: npm run prices -- [REGION ...] [--from URL]`);
  }
  const list = await openPriceList(from);
  const wanted =
    positionals.length > 0 ? positionals : list.regions.filter((code) => regionCodes.includes(code));
  for (const [place, region] of wanted.entries()) {
    console.log(`${place + 1} of ${wanted.length}: reads the prices of ${region}`);
    const prices = await list.pricesOf(region);
    const recorded: RecordedPrices = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, pricesText({ ...recorded, regions: { ...recorded.regions, [region]: prices } }));
    const types = Object.values(prices.instances).flatMap((sizes) => Object.keys(sizes));
    console.log(`  ${types.length} instance types, of ${prices.recorded}`);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
