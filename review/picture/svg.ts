import type { DeploymentModel } from "../../simulation/model";
import { altText, type Drawn, dotOf, drawnOf, type Mark } from "./dot";

/** Lays Graphviz's language out as SVG. */
export type Layout = (dot: string) => string;

/** What a picture is painted with. */
export interface Palette {
  readonly line: string;
  readonly text: string;
  readonly box: string;
  readonly region: string;
  readonly new: string;
  readonly gone: string;
  readonly changed: string;
}

export const LIGHT: Palette = {
  ...{ line: "#57606a", text: "#1f2328", box: "#ffffff", region: "#f6f8fa" },
  ...{ new: "#1a7f37", gone: "#cf222e", changed: "#9a6700" },
};

export const DARK: Palette = {
  ...{ line: "#9198a1", text: "#f0f6fc", box: "#212830", region: "#151b23" },
  ...{ new: "#3fb950", gone: "#f85149", changed: "#d29922" },
};

/** Colors by classes. They are written out, since not every program that shows an SVG knows variables of CSS. */
function colors(palette: Palette): string {
  const { line, text, box, region } = palette;
  const outlines = (of: string) => `svg.deployment .${of} path, svg.deployment .${of} polygon`;
  const marked = (mark: "new" | "gone" | "changed", more = "") =>
    `${outlines(mark)} { stroke: ${palette[mark]}; stroke-width: 2.5;${more} }`;
  return [
    `svg.deployment text { fill: ${text}; }`,
    `${outlines("node")} { fill: ${box}; stroke: ${line}; }`,
    `${outlines("cluster")} { fill: ${region}; stroke: ${line}; }`,
    `svg.deployment .edge path { stroke: ${line}; fill: none; }`,
    `svg.deployment .edge polygon { fill: ${line}; stroke: ${line}; }`,
    marked("new"),
    marked("gone", " stroke-dasharray: 5 3;"),
    marked("changed"),
    `svg.deployment .changed text { fill: ${palette.changed}; }`,
  ].join("\n");
}

/** The colors of a picture, and those where the reader prefers dark ones. On paper they are light. */
export const STYLE = `${colors(LIGHT)}
@media screen and (prefers-color-scheme: dark) {
${colors(DARK)}
}`;

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
  const side = (deployment: DeploymentModel, id: string, other: Mark) => {
    const marks = (each: string) => markOf(each, old, now, other);
    return dressed(layout(dotOf(deployment, marks)), id, altText(deployment, marks));
  };
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
