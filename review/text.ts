import { sectionsOf } from "./report";
import type { Review } from "./review";

/** The report for a terminal. */
export function reviewText(review: Review): string {
  const sections = sectionsOf(review).map(({ title, items }) =>
    [title, ...items.flatMap(({ says, lines }) => [`  ${says}`, ...lines.map((line) => `    ${line}`)])].join(
      "\n",
    ),
  );
  return [headline(review), ...sections].join("\n\n");
}

/** The deployment and the verdict. */
export function headline({ deployment, verdict }: Review): string {
  return `${deployment.name ?? "This plan"}: ${verdict.line}`;
}
