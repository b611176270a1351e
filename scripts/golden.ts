import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GOLDEN_FOLDER, goldenFiles } from "../__tests__/support/golden";
import useOneTemporaryFolder from "../__tests__/temporary-folder";

// Writes __tests__/golden anew after a change in what the examples mean in Terraform: npm run golden
useOneTemporaryFolder();
const files = Object.entries(goldenFiles());

rmSync(GOLDEN_FOLDER, { recursive: true, force: true });
for (const [name, text] of files) {
  const file = join(GOLDEN_FOLDER, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
