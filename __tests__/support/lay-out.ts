// Reads Graphviz's language from standard input and writes the SVG: Jest cannot load Graphviz, which has ES modules alone.
import { readFileSync } from "node:fs";
import { loadLayout } from "../../scripts/layout";

loadLayout().then((layout) => process.stdout.write(layout(readFileSync(0, "utf8"))));
