import { sectionsOf } from "../report";
import type { Review } from "../review";
import { headline } from "../text";
import { DARK, escaped, type Layout, LIGHT, type Palette, svgsOf } from "./svg";

/** Of a picture's width, what a screen gives it at the least, so that its letters are read: it is scrolled in its box. */
const LEAST_SCALE = 0.9;

/** The colors that letters have, the same as in the pictures. */
function variables(palette: Palette): string {
  const { text, line, new: come, gone, changed } = palette;
  return `--text: ${text}; --dim: ${line}; --new: ${come}; --gone: ${gone}; --changed: ${changed};`;
}

const PAGE_STYLE = `
:root { color-scheme: light dark; ${variables(LIGHT)} --page: #ffffff; --rule: #d1d9e0; }
@media screen and (prefers-color-scheme: dark) { :root { ${variables(DARK)} --page: #0d1117; --rule: #3d444d; } }
body { margin: 0 auto; max-width: 100rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; border-bottom: 1px solid var(--rule); margin-top: 2rem; }
.pictures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, var(--least)), 1fr)); align-items: start; }
figure { margin: 0; min-width: 0; } .scroll { overflow: auto; max-height: 90vh; } svg { display: block; width: 100%; min-width: var(--least); max-width: calc(1.5 * var(--least)); height: auto; }
ul { padding-left: 1.5rem; } figcaption, ul ul, summary { color: var(--dim); font-size: 0.9rem; }
.new { color: var(--new); } .gone { color: var(--gone); } .changed { color: var(--changed); }
@media print { :root { color-scheme: light; } body { font-size: 11pt; padding: 0; } .pictures { display: block; } .scroll { overflow: visible; max-height: none; } svg { min-width: 0; max-height: 24cm; } figure, li { break-inside: avoid; } h2 { break-after: avoid; } }
`.trim();

/** The report as one page that needs nothing else: pictures of before and after, then what `npm run review` prints. */
export function reviewPage(review: Review, layout: Layout): string {
  const { before, after } = review.sides;
  const [old, now] = svgsOf(before, after, layout);
  const least = Math.round(LEAST_SCALE * Math.max(widthOf(old), widthOf(now)));
  const figure = (svg: string, caption: string) =>
    `<figure><figcaption>${caption}</figcaption><div class="scroll" tabindex="0">${svg}</div></figure>`;
  const sections = sectionsOf(review).map(({ title, items }) => {
    const list = items.map(({ says, lines, addresses }) => {
      const more =
        lines.length > 0 ? `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>` : "";
      const folded =
        addresses.length > 0
          ? `<details><summary>Addresses</summary><ul>${addresses.map((each) => `<li><code>${escaped(each)}</code></li>`).join("")}</ul></details>`
          : "";
      return `<li>${escaped(says)}${more}${folded}</li>`;
    });
    return `<h2>${escaped(title)}</h2>\n<ul>\n${list.join("\n")}\n</ul>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(headline(review))}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(headline(review))}</h1>
<p>Marked: <span class="new">new</span>, <span class="changed">changed</span>, <span class="gone">gone</span>. Each ● is an instance at min, in its zone.</p>
<div class="pictures" style="--least: ${least}px">
${figure(old, "Before")}
${figure(now, "After")}
</div>
${sections.join("\n")}
</main>
</body>
</html>
`;
}

/** The width of a picture as Graphviz made it. */
function widthOf(svg: string): number {
  return Number(/viewBox="\S+ \S+ (\S+) /.exec(svg)?.[1] ?? 0);
}
