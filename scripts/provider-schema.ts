import { writeFileSync } from "node:fs";
import { importedSchema, SCHEMA_FILE, schemaText } from "./provider-schema-text";
import { writeFunctions } from "./terraform-functions";

// Writes what the installed bindings know of the types that the project imports: npm run provider-schema
writeFileSync(SCHEMA_FILE, schemaText(importedSchema()));

// The functions of Terraform's language are those of the Terraform that is installed.
if (!writeFunctions()) {
  console.log("there is no terraform here: its functions are left as they are");
}
