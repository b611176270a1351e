import type { App, AppConfig } from "cdktf";
import type { Deployment, Door } from "../config/plan/deployment";
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
 * door those of its domain and of the door itself. Regions wait for the domain, whose proof their certificates wait
 * for; the door for the regions that it knows. They are destroyed the other way round.
 */
export function declareStacks(app: App, deployment: Deployment): void {
  const { door, name, state } = deployment;
  const tags = { ...deployment.tags, ...ownTags(deployment) };
  new StateStack(app, "state", { ...state, deployment: name, tags });
  const domain = door?.certified
    ? new DomainStack(app, "domain", { door, deployment: name, state, tags })
    : undefined;
  const regions = deployment.regions.map((region) => {
    const stack = new RegionStack(app, region.name, {
      region,
      deployment: name,
      state,
      tags: { ...region.tags, ...ownTags(deployment) },
    });
    if (domain !== undefined && region.door?.certifiedName !== undefined) {
      stack.addDependency(domain);
    }
    return stack;
  });
  if (door !== undefined) {
    declareDoor(app, deployment, door, regions, tags);
  }
}

function declareDoor(
  app: App,
  { name, state, regions }: Deployment,
  door: Door,
  stacks: readonly RegionStack[],
  tags: Readonly<Record<string, string>>,
): void {
  const known = door.regions.map((region) => region.name);
  const [first] = regions.filter((region) => known.includes(region.name));
  const global = new GlobalStack(app, "global", {
    door,
    models: first?.models.filter((model) => door.models.includes(model.name)) ?? [],
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
