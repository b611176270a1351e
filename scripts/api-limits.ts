import { readFileSync, writeFileSync } from "node:fs";
import { botocore, servicesIn, textOf } from "./botocore";

// Writes testing/api-limits/models.json anew from AWS's service models, after a table names another request or botocore
// has moved: npm run api-limits [-- <botocore's data folder>]
// botocore (Apache-2.0) is the Python package. Types, patterns, lengths, ranges, words and required members are taken;
// its documentation is not.
const FILE = "testing/api-limits/models.json";

const found = botocore(process.argv[2]);
if (found === undefined) {
  console.error("there is no botocore here: pip install botocore, or name its data folder");
  process.exit(1);
}
const services = servicesIn(found.folder);
const before = JSON.parse(readFileSync(FILE, "utf8"));
const isSame =
  before.botocore === found.version && JSON.stringify(before.services) === JSON.stringify(services);
const taken = isSame ? before.taken : new Date().toISOString().slice(0, 10);
writeFileSync(FILE, textOf({ botocore: found.version, taken, services }));
for (const [service, { unchecked = {} }] of Object.entries(services)) {
  for (const [shape, pattern] of Object.entries(unchecked)) {
    console.log(`not checked, for JavaScript cannot express it: ${service} ${shape} ${pattern}`);
  }
}
