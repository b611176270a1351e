import fc from "fast-check";
import { contentKey, tableOf } from "../../../config/routes/condition-table";
import { contains } from "../../../config/routes/containment";
import { levelOf } from "../../../config/routes/level";
import { assignPriorities, type RuleToPlace } from "../../../config/routes/priority";
import type { RouteConditions } from "../../../config/routes/route";
import { conditions } from "./arbitraries";

const assert = <Drawn>(property: fc.IProperty<Drawn>, options?: fc.Parameters<Drawn>) =>
  fc.assert(property, { numRuns: 40, ...options });

const ruleOf = (given: RouteConditions, explicit?: number): RuleToPlace => ({
  key: contentKey(given),
  conditions: given,
  explicit,
});
const pathRule = (path: string, explicit?: number) => ruleOf({ path: [path] }, explicit);
const alone = (rule: RuleToPlace) => assignPriorities([rule]).get(rule.key) ?? 0;
const numbersOf = (rules: readonly RuleToPlace[]) => Object.fromEntries(assignPriorities(rules));
const isWithin = (special: RuleToPlace, general: RuleToPlace) =>
  contains(general.conditions, special.conditions) && !contains(special.conditions, general.conditions);
const sameLevel = (a: RuleToPlace, b: RuleToPlace) =>
  levelOf(tableOf(a.conditions)) === levelOf(tableOf(b.conditions));

const nested = fc
  .tuple(fc.constantFrom("", "/m", "/v1/m"), fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 3 }))
  .map(([parent, name]): RouteConditions => ({ path: [`${parent}/${name}*`] }));
const derivedRules = fc.uniqueArray(
  fc.oneof(conditions, nested).map((given) => ruleOf(given)),
  {
    selector: ({ key }) => key,
    minLength: 2,
    maxLength: 16,
  },
);
/** Some of the rules are given the number another of them would have, so that numbers meet. */
const rules = fc.tuple(derivedRules, fc.infiniteStream(fc.nat(9))).map(([all, dice]) =>
  all.map((rule, index) => {
    const victim = all[(index + 1) % all.length];
    return dice.next().value === 0 && victim !== undefined ? { ...rule, explicit: alone(victim) } : rule;
  }),
);

describe("a derived priority", () => {
  test.each<[RouteConditions, number]>([
    [{ path: ["/v1/llama/*"] }, 30418],
    [{ path: ["/llama/*"], host: ["api.example.com"] }, 16316],
    [{ headers: { "x-model": ["llama"] } }, 21046],
    [{ path: ["/*"] }, 49390],
  ])("of %j stays what it was in earlier versions", (given, number) => {
    expect(alone(ruleOf(given))).toBe(number);
  });

  test("lies in the rule's level", () => {
    assert(
      fc.property(rules, (some) => {
        const numbers = assignPriorities(some);
        for (const { key, conditions: given } of some.filter(({ explicit }) => explicit === undefined)) {
          const { first, last } = levelOf(tableOf(given));
          expect(numbers.get(key)).toBeGreaterThanOrEqual(first);
          expect(numbers.get(key)).toBeLessThanOrEqual(last);
        }
      }),
    );
  });

  test("of a rule alone is not in the lowest eighth of its level, which is for rules within others", () => {
    assert(
      fc.property(conditions, (given) => {
        const { first, last } = levelOf(tableOf(given));
        expect(alone(ruleOf(given))).toBeGreaterThanOrEqual(first + Math.floor((last + 1 - first) / 8));
      }),
    );
  });

  test("is no other rule's, and no explicit one", () => {
    assert(
      fc.property(rules, (some) => {
        const explicit = new Set(some.flatMap((rule) => rule.explicit ?? []));
        const derived = some.filter((rule) => rule.explicit === undefined);
        const numbers = assignPriorities(some);
        expect(new Set([...explicit, ...numbers.values()]).size).toBe(explicit.size + derived.length);
      }),
    );
  });

  test("is below that of every rule which contains the rule", () => {
    let pairs = 0;
    assert(
      fc.property(rules, (some) => {
        const numbers = numbersOf(some);
        const derived = some.filter(({ explicit }) => explicit === undefined);
        for (const general of derived) {
          for (const special of derived.filter((rule) => isWithin(rule, general))) {
            pairs += sameLevel(general, special) ? 1 : 0;
            expect(numbers[special.key]).toBeLessThan(numbers[general.key] ?? 0);
          }
        }
      }),
    );
    expect(pairs).toBeGreaterThan(3);
  });

  test("does not depend on the order of the rules", () => {
    assert(
      fc.property(
        rules.chain((some) =>
          fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
        ),
        ([some, shuffled]) => {
          expect(numbersOf(shuffled)).toEqual(numbersOf(some));
        },
      ),
    );
  });

  test("is the rule's own when nothing else has it and no rule of its level is around or within", () => {
    let homes = 0;
    assert(
      fc.property(rules, ([added, ...others]) => {
        const before = assignPriorities(others);
        fc.pre(added !== undefined && added.explicit === undefined);
        const related = others.some(
          (other) => sameLevel(other, added) && (isWithin(added, other) || isWithin(other, added)),
        );
        fc.pre(!related && ![...before.values()].includes(alone(added)));
        homes += 1;
        expect(assignPriorities([...others, added]).get(added.key)).toBe(alone(added));
      }),
    );
    expect(homes).toBe(40);
  });

  test("stays where it is when a rule is added that contains none of the level and takes no number another had", () => {
    let placed = 0;
    assert(
      fc.property(rules, ([added, ...others]) => {
        fc.pre(added !== undefined);
        const before = numbersOf(others);
        const after = numbersOf([...others, added]);
        const { [added.key]: own, ...rest } = after;
        const derived = others.filter(({ explicit }) => explicit === undefined);
        const hides =
          added.explicit === undefined &&
          derived.some((other) => sameLevel(other, added) && isWithin(other, added));
        if (!hides && !Object.values(before).includes(own ?? 0)) {
          placed += 1;
          expect(rest).toEqual(before);
        }
      }),
      { numRuns: 300 },
    );
    expect(placed).toBeGreaterThan(100);
  });
});

describe("the neighbours of a rule", () => {
  test("on its own number send it to the nearest free one", () => {
    const rule = pathRule("/llama/*");
    const home = alone(rule);
    expect(numbersOf([rule, pathRule("/x/*", home)])[rule.key]).toBe(home - 1);
    expect(numbersOf([rule, pathRule("/x/*", home), pathRule("/y/*", home - 1)])[rule.key]).toBe(home + 1);
  });

  test("that contain it in its level leave it its home if that is lower, and else keep it below them", () => {
    const general = pathRule("/v1/llama*");
    const specials = Array.from({ length: 20 }, (_, index) => pathRule(`/v1/llama-${index + 10}*`));
    const homes = specials.map(alone);
    const numbers = numbersOf([general, ...specials]);
    const ceiling = alone(general);
    expect(numbers[general.key]).toBe(ceiling);
    expect(homes.some((home) => home < ceiling)).toBe(true);
    expect(homes.some((home) => home > ceiling)).toBe(true);
    for (const [index, { key }] of specials.entries()) {
      const home = homes[index] ?? 0;
      const lowest = home < ceiling ? home : Math.floor((35_000 + ceiling) / 2);
      const highest = home < ceiling ? home : ceiling - 1;
      expect(numbers[key]).toBeGreaterThanOrEqual(lowest);
      expect(numbers[key]).toBeLessThanOrEqual(highest);
    }
  });

  test("may be nested deeper than numbers are left: the level is dealt out", () => {
    const chain = Array.from({ length: 40 }, (_, index) => pathRule(`/${"a".repeat(index + 1)}*`));
    const blocked = pathRule("/v9/*", 47_000);
    const numbers = numbersOf([...chain, blocked]);
    const inOrder = chain.map(({ key }) => numbers[key] ?? 0);
    expect(inOrder).toEqual([...inOrder].sort((a, b) => b - a));
    expect(new Set([...inOrder, 47_000]).size).toBe(41);
  });
});

describe("explicit priorities", () => {
  test("are kept, even when two are alike or out of range", () => {
    expect(Object.values(numbersOf([pathRule("/a", 7), pathRule("/b", 7), pathRule("/c", 60_000)]))).toEqual([
      7, 7, 60_000,
    ]);
  });
});

describe("ninety routes of one shape", () => {
  const ninety = Array.from({ length: 90 }, (_, index) =>
    pathRule(`/m-${String(index + 1).padStart(2, "0")}/*`),
  );

  test("all have the numbers they would have alone", () => {
    expect(numbersOf(ninety)).toEqual(Object.fromEntries(ninety.map((rule) => [rule.key, alone(rule)])));
  });

  test("leave nearly every other route of that shape its number, as the formula says", () => {
    const used = new Set(ninety.map(alone));
    const others = Array.from({ length: 3000 }, (_, index) => pathRule(`/${index}-m/*`));
    const meeting = others.filter((rule) => used.has(alone(rule)));
    const homes = (7 * 7500) / 8;
    expect(meeting.length / others.length).toBeGreaterThan((0.7 * ninety.length) / homes);
    expect(meeting.length / others.length).toBeLessThan((1.3 * ninety.length) / homes);
  });

  test("lose at most one number to a route whose number was taken", () => {
    const numbers = numbersOf(ninety);
    const met = Array.from({ length: 1000 }, (_, index) => pathRule(`/${index}-m/*`)).filter((rule) =>
      Object.values(numbers).includes(alone(rule)),
    );
    const moved = met.map((rule) => {
      const after = numbersOf([...ninety, rule]);
      return ninety.filter(({ key }) => after[key] !== numbers[key]).length;
    });
    expect(moved.length).toBeGreaterThan(5);
    expect(Math.max(...moved)).toBe(1);
  });
});

describe("no priorities are given", () => {
  test("to two rules with the same key", () => {
    expect(() => assignPriorities([pathRule("/a"), pathRule("/a", 3)])).toThrow(
      'two rules have the key [["path",["/a"]]]',
    );
  });

  test("to more rules than a level has numbers", () => {
    const many = Array.from({ length: 201 }, (_, index) =>
      ruleOf({ headers: { a: ["*"], b: ["*"], c: [`${index}*x`] } }),
    );
    expect(() => assignPriorities(many)).toThrow(
      new RangeError("201 rules have only the priorities 4800 to 4999"),
    );
    expect(assignPriorities(many.slice(1)).size).toBe(200);
  });
});
