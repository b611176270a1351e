import { Aspects, DataResource, dependable, TerraformResource, type TerraformStack } from "cdktf";
import { type Remembered, refusal } from "../config/plan/changes";

/**
 * Stores in the state the name a stack was first deployed under, and refuses to plan under another one. Nearly every
 * name in AWS begins with it, so a rename builds everything anew. The check also keeps a second deployment out of a
 * state bucket that is in use.
 *
 * To rename all the same, have Terraform replace the stored name (`-replace`). The plan then creates the new resources
 * before it destroys the old ones.
 *
 * @param facts more that the stack remembers in the same way, and whose change it refuses: see `config/plan/changes.ts`
 */
export function refuseOtherDeployment(
  stack: TerraformStack,
  name: string,
  facts: readonly Remembered[] = [],
): void {
  const gates = facts.map(({ change, value }) =>
    remember(stack, `deployed-${change.id}`, {
      value: { value },
      refuses: refusal(
        change,
        `This stack was deployed with "\${self.output.value}", and serving.yaml now says "${value}" (${change.fields.join(", ")}). To keep what is deployed, write the old value.`,
      ),
    }),
  );
  const stored = remember(stack, NAME, {
    value: { name },
    refuses:
      `This stack was deployed under the name "\${self.output.name}", and serving.yaml now says "${name}". ` +
      "To keep what is deployed, write the old name. For another deployment, name another state bucket. " +
      `To build everything anew under the new name, have Terraform replace terraform_data.${NAME}: README.md, "Another name".`,
    after: gates.length > 0 ? gates : undefined,
  });
  waitFor(stack, stored, gates);
}

const NAME = "deployment-name";

/** What {@link remember} stores, and says. */
interface Memory {
  /** One value by its name. */
  readonly value: Readonly<Record<string, string>>;
  /** The error of a plan with another value. */
  readonly refuses: string;
  readonly after?: readonly DataResource[];
}

/** Stores a value at the first deploy. Later plans with another value fail. A destroy is never refused. */
function remember(stack: TerraformStack, id: string, { value, refuses, after }: Memory): DataResource {
  const [[key, now] = ["", ""]] = Object.entries(value);
  return new DataResource(stack, id, {
    input: value,
    dependsOn: after && [...after],
    lifecycle: {
      ignoreChanges: ["input"],
      postcondition: [{ condition: `\${self.output.${key} == "${now}"}`, errorMessage: refuses }],
    },
  });
}

/**
 * All other resources depend on what is stored, so the plan shows the refusal alone. After a plan of the rest it would
 * be lost: `cdktf deploy` drops the end of a long output.
 */
function waitFor(stack: TerraformStack, stored: DataResource, gates: readonly DataResource[]): void {
  const first: ReadonlySet<unknown> = new Set([stored, ...gates]);
  Aspects.of(stack).add({
    visit: (node) => {
      if (TerraformResource.isTerraformResource(node) && !first.has(node)) {
        node.dependsOn = [dependable(stored), ...(node.dependsOn ?? [])];
      }
    },
  });
}
