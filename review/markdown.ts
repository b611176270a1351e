import { sectionsOf } from "./report";
import type { Review } from "./review";
import { headline } from "./text";

/** The first line of the comment, by which the next run finds it. */
export const MARKER = "<!-- npm run review -->";

/** What GitHub takes at the most for a comment. Source: GitHub REST API, issue comments: body is too long (maximum is 65536 characters). */
const LONGEST = 65_536;

/** The report as a comment of a pull request. Addresses are folded; where they do not fit, they are left out. */
export function reviewMarkdown(review: Review): string {
  const whole = markdown(review, true);
  const shorter = whole.length > LONGEST ? markdown(review, false) : whole;
  const end = "\n\nThe rest does not fit a comment: `npm run review` prints it.\n";
  return shorter.length > LONGEST ? `${shorter.slice(0, LONGEST - end.length)}${end}` : shorter;
}

function markdown(review: Review, withAddresses: boolean): string {
  const sections = sectionsOf(review).map(({ title, items }) => {
    const lines = items.flatMap(({ says, lines: more }) => [
      `- ${escaped(says)}`,
      ...more.map((line) => `  - ${escaped(line)}`),
    ]);
    const addresses = items.flatMap((item) => item.addresses);
    const folded =
      withAddresses && addresses.length > 0
        ? [
            "",
            "<details><summary>Addresses</summary>",
            "",
            ...addresses.map((address) => `- \`${address}\``),
            "",
            "</details>",
          ]
        : [];
    return [`### ${title}`, "", ...lines, ...folded].join("\n");
  });
  return `${[MARKER, `## ${escaped(headline(review))}`, ...sections].join("\n\n")}\n`;
}

/** Names of a file may have letters that Markdown reads. `@` would call people. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("@", "&#64;")
    .replaceAll(/[\\`*_[\]|~#]/g, "\\$&");
}
