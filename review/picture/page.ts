import { sectionsOf } from "../report";
import type { Review } from "../review";
import { headline } from "../text";
import { escaped, type Layout, svgsOf } from "./svg";

const PAGE_STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --page: #ffffff; --dim: #57606a; --rule: #d1d9e0; }
@media (prefers-color-scheme: dark) { :root { --text: #f0f6fc; --page: #0d1117; --dim: #9198a1; --rule: #3d444d; } }
body { margin: 0 auto; max-width: 90rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; border-bottom: 1px solid var(--rule); margin-top: 2rem; }
.pictures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 34rem), 1fr)); }
figure { margin: 0; overflow-x: auto; } figure svg { width: 100%; min-width: 30rem; height: auto; }
figcaption, ul ul, summary { color: var(--dim); font-size: 0.9rem; }
.new { color: #1a7f37; } .gone { color: #cf222e; } .changed { color: #9a6700; }
`.trim();

/** The report as one page that needs nothing else: pictures of before and after, then what `npm run review` prints. */
export function reviewPage(review: Review, layout: Layout): string {
  const { before, after } = review.sides;
  const [old, now] = svgsOf(before, after, layout);
  const figure = (svg: string, caption: string) =>
    `<figure>${svg}<figcaption>${caption}</figcaption></figure>`;
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
<h1>${escaped(headline(review))}</h1>
<p>Marked: <span class="new">new</span>, <span class="changed">changed</span>, <span class="gone">gone</span>.</p>
<div class="pictures">
${figure(old, "Before")}
${figure(now, "After")}
</div>
${sections.join("\n")}
</body>
</html>
`;
}
