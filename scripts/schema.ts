import { readFileSync, writeFileSync } from "node:fs";
import { jsonText, servingJsonSchema } from "../config/schema/docs/json-schema";
import { readmeBlocks, withBlocks } from "./readme-blocks";

const README = "README.md";

writeFileSync("serving.schema.json", `${jsonText(servingJsonSchema())}\n`);
writeFileSync(README, withBlocks(readFileSync(README, "utf8"), readmeBlocks()));
