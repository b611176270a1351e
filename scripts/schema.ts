import { writeFileSync } from "node:fs";
import { jsonText, servingJsonSchema } from "../config/schema/json-schema";

writeFileSync("serving.schema.json", `${jsonText(servingJsonSchema())}\n`);
