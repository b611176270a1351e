import { writeFileSync } from "node:fs";
import { importedSchema, SCHEMA_FILE, schemaText } from "./provider-schema-text";

// Writes what the installed bindings know of the types that the project imports: npm run provider-schema
writeFileSync(SCHEMA_FILE, schemaText(importedSchema()));
