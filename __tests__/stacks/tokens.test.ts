import { Fn, TerraformOutput, TerraformStack, TerraformVariable, Testing, Token } from "cdktf";
import { TokenMap } from "cdktf/lib/tokens/private/token-map";
import { forgetTokens } from "../../stacks/tokens";

function synthesized(): string {
  const stack = new TerraformStack(Testing.app(), "tokens");
  const { numberValue, listValue } = new TerraformVariable(stack, "variable", {});
  new TerraformOutput(stack, "output", {
    value: { numberValue, listValue, joined: Fn.join("-", [Token.asString(numberValue), "1"]) },
  });
  return Testing.synth(stack);
}

const kept = () =>
  Object.values(TokenMap.instance())
    .filter((value) => value instanceof Map)
    .map(({ size }) => size);

test("what is synthesized after tokens were forgotten is what was synthesized before", () => {
  const before = synthesized();
  forgetTokens();
  expect(synthesized()).toBe(before);
});

test("cdktf keeps nothing of what was forgotten", () => {
  synthesized();
  expect(kept()).toEqual([expect.any(Number), expect.any(Number)]);
  expect(Math.min(...kept())).toBeGreaterThan(0);
  forgetTokens();
  expect(kept()).toEqual([0, 0]);
});
