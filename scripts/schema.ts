import { writeFileSync } from "node:fs";
import { generatedFiles } from "./generated";
import { loadLayout } from "./layout";

loadLayout().then((layout) => {
  for (const [file, text] of Object.entries(generatedFiles(layout))) {
    writeFileSync(file, text);
  }
});
