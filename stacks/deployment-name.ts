import { Aspects, DataResource, dependable, TerraformResource, type TerraformStack } from "cdktf";

/**
 * Remembers in the state the name a stack was first deployed under, and refuses to plan under another one: nearly
 * every name in AWS begins with it, so that a rename builds everything anew. The same keeps a second deployment
 * away from a state bucket that is taken.
 *
 * Everything else waits for it, so that the refusal is all that a plan says. Behind a plan of the rest it would be
 * lost: `cdktf deploy` drops the end of a long output.
 *
 * Whoever means it has Terraform forget the old name (`-replace`), and gets a plan in which the new stands before
 * the old goes. Destroying is never refused.
 */
export function rememberDeploymentName(stack: TerraformStack, name: string): void {
  const remembered = new DataResource(stack, ID, {
    input: { name },
    lifecycle: {
      ignoreChanges: ["input"],
      postcondition: [
        {
          condition: `\${self.output.name == "${name}"}`,
          errorMessage:
            `What stands here was deployed under the name "\${self.output.name}", and serving.yaml now says "${name}". ` +
            "To go on with what stands, write the old name. For another deployment, name another state bucket. " +
            `To build everything anew under the new name, have Terraform replace terraform_data.${ID}: README.md, "Another name".`,
        },
      ],
    },
  });
  Aspects.of(stack).add({
    visit: (node) => {
      if (TerraformResource.isTerraformResource(node) && node !== remembered) {
        node.dependsOn = [dependable(remembered), ...(node.dependsOn ?? [])];
      }
    },
  });
}

const ID = "deployment-name";
