import { DataResource } from "cdktf";
import type { Construct } from "constructs";

/**
 * Remembers in the state the name a stack was first deployed under, and refuses to plan under another one: nearly
 * every name in AWS begins with it, so that a rename builds everything anew. The same keeps a second deployment
 * away from a state bucket that is taken.
 *
 * Whoever means it has Terraform forget the old name (`-replace`), and gets a plan in which the new stands before
 * the old goes. Destroying is never refused.
 */
export function rememberDeploymentName(stack: Construct, name: string): void {
  new DataResource(stack, ID, {
    input: { name },
    lifecycle: {
      ignoreChanges: ["input"],
      postcondition: [
        {
          condition: `\${self.output.name == "${name}"}`,
          errorMessage:
            `What stands here was deployed under the name "\${self.output.name}", and serving.yaml now says "${name}". ` +
            "To go on with what stands, write the old name. For another deployment, name another state bucket. " +
            `To build everything anew under the new name, run in this stack's folder: terraform apply -replace=terraform_data.${ID}`,
        },
      ],
    },
  });
}

const ID = "deployment-name";
