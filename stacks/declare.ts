import type { App, AppConfig } from "cdktf";
import type { Deployment } from "../config/deployment";
import { RegionStack } from "./region-stack";
import { StateStack } from "./state-stack";

/**
 * How the app is made. cdktf's own validations are left out: they ask `terraform version` once for every resource
 * that needs a newer one, and fail where there is no Terraform. Each stack says which version it requires instead,
 * and Terraform looks at that.
 */
export const appConfig: AppConfig = { skipValidation: true };

/** Declares all stacks of a deployment: that of the state bucket, and one for each region, named by the region. */
export function declareStacks(app: App, deployment: Deployment): void {
  new StateStack(app, "state", {
    ...deployment.state,
    deployment: deployment.name,
    tags: { ...deployment.tags, ...ownTags(deployment) },
  });
  for (const region of deployment.regions) {
    new RegionStack(app, region.name, {
      region,
      deployment: deployment.name,
      state: deployment.state,
      tags: { ...region.tags, ...ownTags(deployment) },
    });
  }
}

/** What every resource says of itself: whose it is, and that it is not to be changed by hand. */
function ownTags({ name }: Deployment): Readonly<Record<string, string>> {
  return { deployment: name, "managed-by": "terraform" };
}
