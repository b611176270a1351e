import { parseArgs } from "node:util";
import { App } from "cdktf";
import { renderDiagnostics } from "./config/diagnostics/diagnostic";
import { loadDeployment } from "./config/load";
import type { Deployment } from "./config/plan/deployment";
import { summary } from "./config/report/summary";
import { type Printer, watch } from "./scripts/watch";
import { appConfig } from "./stacks/app-config";
import { DomainStack } from "./stacks/domain-stack";
import { GlobalStack } from "./stacks/global-stack";
import { makeOutputFolder } from "./stacks/output-folder";
import { synthesizeQuickly } from "./stacks/quick-synthesis";
import { RegionStack } from "./stacks/region-stack";
import { removeStaleStacks } from "./stacks/stale";
import { StateStack } from "./stacks/state-stack";
import { forgetTokens } from "./stacks/tokens";

/**
 * Declares the stacks of a deployment: the bucket that keeps the state, one stack for each region, and where there is
 * a global endpoint, its domain and the endpoint itself. A region depends on the domain, whose validation record its
 * certificate needs; the global endpoint depends on the regions that it routes to.
 */
export function declareStacks(app: App, deployment: Deployment): void {
  const { name, state, tags, globalEndpoint } = deployment;
  const shared = { deployment: name, state, tags };

  new StateStack(app, "state", { ...state, deployment: name, tags });

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

/** Reports what is found in the deployment that SERVING_CONFIG describes, and synthesizes it into CDKTF_OUTDIR. */
function main(file: string, outdir: string, print: Printer): void {
  const loaded = loadDeployment(file);
  const obstacle = loaded.ok ? makeOutputFolder(outdir) : undefined;
  const found = renderDiagnostics(loaded.ok ? loaded.warnings : loaded.diagnostics, loaded.source);
  for (const text of [found, obstacle]) {
    if (text) {
      print.error(text);
    }
  }
  if (loaded.ok && obstacle === undefined) {
    const app = new App({ ...appConfig, outdir });
    synthesizeQuickly(() => {
      declareStacks(app, loaded.deployment);
      app.synth();
    });
    forgetTokens();
    removeStaleStacks(app);
    print.log(summary(loaded.deployment));
  } else {
    process.exitCode = 1;
  }
}

if (process.argv[1] === __filename) {
  const { values } = parseArgs({ options: { watch: { type: "boolean" } } });
  const { SERVING_CONFIG, CDKTF_OUTDIR } = process.env;
  const file = SERVING_CONFIG || "serving.yaml";
  const answer = (print: Printer) => main(file, CDKTF_OUTDIR || "cdktf.out", print);
  if (values.watch) {
    watch(file, answer);
  } else {
    answer(console);
  }
}
