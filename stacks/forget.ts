import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

const forgotten = new WeakMap<TerraformStack, object[]>();

/**
 * Has Terraform forget resources that an earlier deploy made, instead of deleting them. Where there are none it does
 * nothing.
 *
 * Source: Terraform documentation, "Remove a resource from state".
 */
export function forget(scope: IConstruct, addresses: readonly string[]): void {
  const stack = TerraformStack.of(scope);
  const all = [
    ...(forgotten.get(stack) ?? []),
    ...addresses.map((from) => ({ from, lifecycle: { destroy: false } })),
  ];
  forgotten.set(stack, all);
  stack.addOverride("removed", all);
}
