import type { App, AppConfig } from "cdktf";
import type { Deployment, GlobalEndpoint } from "../config/plan/deployment";
import { DomainStack } from "./domain-stack";
import { GlobalStack } from "./global-stack";
import { RegionStack } from "./region-stack";
import { StateStack } from "./state-stack";

/**
 * How the app is made. cdktf's own validations are left out: they ask `terraform version` once for every resource
 * that needs a newer one, and fail where there is no Terraform. Each stack says which version it requires instead,
 * and Terraform looks at that.
 */
export const appConfig: AppConfig = { skipValidation: true };

/**
 * Declares all stacks of a deployment: that of the state bucket, one for each region, named by the region, and with a
 * global endpoint those of its domain and of the global endpoint itself. Regions wait for the domain, whose proof their certificates wait
 * for; the global endpoint for the regions that it knows. They are destroyed the other way round.
 */
export function declareStacks(app: App, deployment: Deployment): void {
  const { globalEndpoint, name, state } = deployment;
  const tags = { ...deployment.tags, ...ownTags(deployment) };
  new StateStack(app, "state", { ...state, deployment: name, tags });
  const domain = globalEndpoint?.certified
    ? new DomainStack(app, "domain", { globalEndpoint, deployment: name, state, tags })
    : undefined;
  const regions = deployment.regions.map((region) => {
    const stack = new RegionStack(app, region.name, {
      region,
      deployment: name,
      state,
      tags: { ...region.tags, ...ownTags(deployment) },
    });
    if (domain !== undefined && region.globalEndpoint?.certifiedName !== undefined) {
      stack.addDependency(domain);
    }
    return stack;
  });
  if (globalEndpoint !== undefined) {
    declareGlobalEndpoint(app, deployment, globalEndpoint, regions, tags);
  }
}

function declareGlobalEndpoint(
  app: App,
  { name, state, regions }: Deployment,
  globalEndpoint: GlobalEndpoint,
  stacks: readonly RegionStack[],
  tags: Readonly<Record<string, string>>,
): void {
  const known = globalEndpoint.regions.map((region) => region.name);
  const [first] = regions.filter((region) => known.includes(region.name));
  const global = new GlobalStack(app, "global", {
    globalEndpoint,
    models: first?.models.filter((model) => globalEndpoint.models.includes(model.name)) ?? [],
    defaultModel: first?.entry.default,
    deployment: name,
    state,
    tags,
  });
  for (const stack of stacks.filter(({ node }) => known.includes(node.id))) {
    global.addDependency(stack);
  }
}

/** What every resource says of itself: whose it is, and that it is not to be changed by hand. */
function ownTags({ name }: Deployment): Readonly<Record<string, string>> {
  return { deployment: name, "managed-by": "terraform" };
}
