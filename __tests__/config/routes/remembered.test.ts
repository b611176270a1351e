import { remembered } from "../../../config/routes/remembered";

test("what was asked before is not worked out again", () => {
  const answer = jest.fn((texts: readonly string[], text?: string) => texts.includes(text ?? ""));
  const ask = remembered(answer);
  expect([ask(["a", "b"], "a"), ask(["a", "b"], "a"), ask(["a"], "b"), ask(["a"], "b")]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(answer).toHaveBeenCalledTimes(2);
});

test("arguments that read alike are not the same", () => {
  const ask = remembered((texts: readonly string[], text?: string) => ({ texts, text }));
  expect(ask(["a", "b"])).not.toEqual(ask(["a,b"]));
  expect(ask(["a"], "b")).not.toEqual(ask(["a", "b"]));
  expect(ask(['a","b'])).not.toEqual(ask(["a", "b"]));
});
