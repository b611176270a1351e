/**
 * Writes the pictures of docs/review.md, of a plan that make-plans.ts wrote, with Debian's chromium:
 * `node run.cjs __tests__/review/make-pictures.ts`.
 */
import { writeFileSync } from "node:fs";
import { reviewPage } from "../../review/picture/page";
import { loadLayout } from "../../scripts/layout";
import { Browser } from "../support/browser";
import { reviewOf } from "./plans";

async function main(): Promise<void> {
  const html = reviewPage(reviewOf("model-removed"), await loadLayout());
  const browser = new Browser();
  try {
    for (const scheme of ["light", "dark"] as const) {
      const page = await browser.open(`${scheme}.html`, html, { width: 1000, scheme });
      writeFileSync(`docs/review-${scheme}.png`, await page.picture());
    }
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
