import type { DeploymentModel } from "../../simulation/model";
import { altText, type Drawn, dotOf, drawnOf, type Mark } from "./dot";

/** Lays Graphviz's language out as SVG. */
export type Layout = (dot: string) => string;

/** Colors by classes, so that a page and a dark mode may have others; Graphviz writes them as attributes. */
export const STYLE = `
svg.deployment { --line: #57606a; --text: #1f2328; --box: #ffffff; --region: #f6f8fa; --new: #1a7f37; --gone: #cf222e; --changed: #9a6700; }
@media (prefers-color-scheme: dark) {
  svg.deployment { --line: #9198a1; --text: #f0f6fc; --box: #212830; --region: #151b23; --new: #3fb950; --gone: #f85149; --changed: #d29922; }
}
svg.deployment text { fill: var(--text); }
svg.deployment .node path, svg.deployment .node polygon { fill: var(--box); stroke: var(--line); }
svg.deployment .cluster path, svg.deployment .cluster polygon { fill: var(--region); stroke: var(--line); }
svg.deployment .edge path { stroke: var(--line); }
svg.deployment .edge polygon { fill: var(--line); stroke: var(--line); }
svg.deployment .new path, svg.deployment .new polygon { stroke: var(--new); stroke-width: 2.5; }
svg.deployment .gone path, svg.deployment .gone polygon { stroke: var(--gone); stroke-width: 2.5; stroke-dasharray: 5 3; }
svg.deployment .changed path, svg.deployment .changed polygon { stroke: var(--changed); stroke-width: 2.5; }
svg.deployment .changed text { fill: var(--changed); }
`.trim();

/** A deployment as an SVG by itself, with what it shows in words. */
export function svgOf(deployment: DeploymentModel, layout: Layout): string {
  return dressed(layout(dotOf(deployment)), "deployment", altText(deployment));
}

/** Both sides of a change, with the same marks: what comes, what goes, what is another. */
export function svgsOf(
  before: DeploymentModel,
  after: DeploymentModel,
  layout: Layout,
): readonly [string, string] {
  const [old, now] = [drawnOf(before), drawnOf(after)];
  const side = (deployment: DeploymentModel, id: string, other: Mark) =>
    dressed(layout(dotOf(deployment, (each) => markOf(each, old, now, other))), id, altText(deployment));
  return [side(before, "before", "gone"), side(after, "after", "new")];
}

function markOf(id: string, old: Drawn, now: Drawn, alone: Mark): Mark {
  if (!old.has(id) || !now.has(id)) {
    return alone;
  }
  return old.get(id) === now.get(id) ? "same" : "changed";
}

/** Graphviz's SVG without its head, with a title, and with ids that are its own on a page of several. */
function dressed(svg: string, id: string, title: string): string {
  return svg
    .replace(/^[\s\S]*?<svg /, "<svg ")
    .replaceAll(/<!--[\s\S]*?-->\n?/g, "")
    .replaceAll(/ id="([^"]*)"/g, (_, own) =>
      ` id="${id} ${own}"`.replaceAll(/ (?=[^=]*"$)/g, "_").replace(/^_?id/, " id"),
    )
    .replaceAll(/<g id="[^"]*"><a xlink:title="[^"]*">/g, "<g><a>")
    .replace(/<svg [^>]*?viewBox="([^"]*)"[^>]*>/, (_, box) => {
      const labelled = `role="img" aria-labelledby="${id}-title"`;
      return `<svg xmlns="http://www.w3.org/2000/svg" class="deployment" viewBox="${box}" ${labelled}>\n<title id="${id}-title">${escaped(title)}</title>\n<style>${STYLE}</style>`;
    })
    .replaceAll(/<a>|<\/a>/g, "");
}

/** A text in HTML or SVG. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
