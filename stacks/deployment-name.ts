import { Aspects, DataResource, dependable, TerraformResource, type TerraformStack } from "cdktf";

/**
 * Stores in the state the name a stack was first deployed under, and refuses to plan under another one. Nearly every
 * name in AWS begins with it, so a rename builds everything anew. The check also keeps a second deployment out of a
 * state bucket that is in use.
 *
 * All other resources depend on the stored name, so the plan shows the refusal alone. After a plan of the rest it would
 * be lost: `cdktf deploy` drops the end of a long output.
 *
 * To rename all the same, have Terraform replace the stored name (`-replace`). The plan then creates the new resources
 * before it destroys the old ones. A destroy is never refused.
 */
export function refuseOtherDeploymentName(stack: TerraformStack, name: string): void {
  const stored = new DataResource(stack, ID, {
    input: { name },
    lifecycle: {
      ignoreChanges: ["input"],
      postcondition: [
        {
          condition: `\${self.output.name == "${name}"}`,
          errorMessage:
            `This stack was deployed under the name "\${self.output.name}", and serving.yaml now says "${name}". ` +
            "To keep what is deployed, write the old name. For another deployment, name another state bucket. " +
            `To build everything anew under the new name, have Terraform replace terraform_data.${ID}: README.md, "Another name".`,
        },
      ],
    },
  });
  Aspects.of(stack).add({
    visit: (node) => {
      if (TerraformResource.isTerraformResource(node) && node !== stored) {
        node.dependsOn = [dependable(stored), ...(node.dependsOn ?? [])];
      }
    },
  });
}

const ID = "deployment-name";
