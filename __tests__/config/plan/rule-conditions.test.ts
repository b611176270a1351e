import fc from "fast-check";
import { ruleConditionsOf } from "../../../config/plan/rule-conditions";
import { canonicalConditions } from "../../../config/routes/condition-table";
import { splitRoute } from "../../../config/routes/split";
import { ruleConditions } from "../../../constructs/load-balancer/rule-condition";
import { conditions, requests } from "../routes/arbitraries";
import { matches, meets } from "../routes/requests";

describe("the conditions of a listener rule", () => {
  test("are met by the requests that take the route, and no others", () => {
    fc.assert(
      fc.property(conditions, fc.array(requests, { minLength: 30, maxLength: 30 }), (given, some) => {
        const rule = ruleConditionsOf(given);
        for (const request of some) {
          expect(rule.every((condition) => meets(condition, request))).toBe(matches(given, request));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("do not depend on the order in which they were written", () => {
    fc.assert(
      fc.property(conditions, (given) => {
        const reversed = Object.fromEntries(Object.entries(given).reverse());
        expect(ruleConditionsOf(reversed)).toEqual(ruleConditionsOf(given));
      }),
    );
  });

  test("are taken by the construct, once a route is split", () => {
    let rules = 0;
    fc.assert(
      fc.property(conditions, (given) => {
        const split = splitRoute(canonicalConditions(given));
        for (const rule of split.ok ? split.rules : []) {
          rules += 1;
          expect(() => ruleConditions(ruleConditionsOf(rule))).not.toThrow();
        }
      }),
      { numRuns: 300 },
    );
    expect(rules).toBeGreaterThan(100);
  });
});
