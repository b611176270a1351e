import { App } from "cdktf";
import type { Deployment } from "../config/plan/deployment";
import { appConfig } from "./app-config";
import { DomainStack } from "./domain-stack";
import { GlobalStack } from "./global-stack";
import { synthesizeQuickly } from "./quick-synthesis";
import { RegionStack } from "./region-stack";
import { removeStaleStacks } from "./stale";
import { StateStack } from "./state-stack";
import { forgetTokens } from "./tokens";

/**
 * Declares the stacks of a deployment: the bucket that keeps the state, one stack for each region, and where there is
 * a global endpoint, its domain and the endpoint itself. A region depends on the domain, whose validation record its
 * certificate needs; the global endpoint depends on the regions that it routes to.
 */
export function declareStacks(app: App, deployment: Deployment): void {
  const { name, account, state, tags, globalEndpoint } = deployment;
  const shared = { deployment: name, account, state, tags };

  new StateStack(app, "state", { ...state, deployment: name, account, tags });

  const domain = globalEndpoint?.certified
    ? new DomainStack(app, "domain", { ...shared, globalEndpoint })
    : undefined;

  const regions = deployment.regions.map((region) => {
    const stack = new RegionStack(app, region.name, { ...shared, region, tags: region.tags });
    if (domain !== undefined && region.globalEndpoint?.certifiedName !== undefined) {
      stack.addDependency(domain);
    }
    return stack;
  });

  if (globalEndpoint !== undefined) {
    const global = new GlobalStack(app, "global", { ...shared, globalEndpoint });
    const names = new Set(globalEndpoint.regions.map((region) => region.name));
    for (const stack of regions.filter(({ node }) => names.has(node.id))) {
      global.addDependency(stack);
    }
  }
}

/**
 * Writes the stacks of a deployment as Terraform JSON, and removes those that an earlier synthesis left there. Nothing
 * is kept in memory: it may be called again.
 *
 * @param outdir an existing folder
 */
export function synthesize(deployment: Deployment, outdir: string): void {
  const app = new App({ ...appConfig, outdir });
  synthesizeQuickly(() => {
    declareStacks(app, deployment);
    app.synth();
  });
  forgetTokens();
  removeStaleStacks(app);
}
