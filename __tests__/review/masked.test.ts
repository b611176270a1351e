import fc from "fast-check";
import { reviewJson } from "../../review/json";
import { reviewMarkdown } from "../../review/markdown";
import { reviewPage } from "../../review/picture/page";
import { fromPlans } from "../../review/read-plan";
import { review } from "../../review/review";
import { reviewText } from "../../review/text";
import type { Json } from "../../testing/terraform/json";
import { changedPlan } from "./plans";

const SECRET = "hunter2-of-nobody";

/** The same with all texts as a secret, and what marks each of them as sensitive. */
function secretly(value: Json): { readonly value: Json; readonly marks: Json } {
  if (typeof value === "string") {
    return { value: SECRET, marks: true };
  }
  if (typeof value !== "object" || value === null) {
    return { value, marks: false };
  }
  const parts = Object.entries(value).map(([key, each]) => [key, secretly(each)] as const);
  const part = (which: "value" | "marks") => parts.map(([key, each]) => [key, each[which]] as const);
  return Array.isArray(value)
    ? { value: part("value").map(([, each]) => each), marks: part("marks").map(([, each]) => each) }
    : { value: Object.fromEntries(part("value")), marks: Object.fromEntries(part("marks")) };
}

test("what is sensitive is in no form of the report, whichever arguments it is", () => {
  const plans = ["image", "port", "open", "model-added", "model-removed"];
  fc.assert(
    fc.property(fc.constantFrom(...plans), fc.integer({ min: 1, max: 3 }), fc.nat(), (plan, every, from) => {
      let count = from;
      const hide = (side: Json): Json => {
        const marks: Record<string, Json> = {};
        for (const name of Object.keys(side ?? {})) {
          count += 1;
          if (count % every === 0) {
            const hidden = secretly(side[name]);
            side[name] = hidden.value;
            marks[name] = hidden.marks;
          }
        }
        return marks;
      };
      const file = changedPlan(plan, (json) => {
        const own = json.resource_changes.filter(({ type }: Json) => type !== "terraform_data");
        for (const { change } of own) {
          change.before_sensitive = hide(change.before);
          change.after_sensitive = hide(change.after);
        }
      });
      expect(file.text).toContain(SECRET);
      const made = review(fromPlans([file]));
      const page = reviewPage(made, (dot) => `<svg viewBox="0 0 1 1">${dot}</svg>`);
      for (const form of [reviewText(made), reviewMarkdown(made), reviewJson(made), page]) {
        expect(form).not.toContain(SECRET);
      }
    }),
    { numRuns: 20 },
  );
});
