import { App } from "cdktf";
import { loadDeployment } from "../config/load";
import { appConfig } from "../stacks/app-config";
import { declareStacks } from "../stacks/deployment-stacks";
import { synthesizeQuickly } from "../stacks/quick-synthesis";

/**
 * Synthesizes as many copies of a region with three models as the first argument states. There may be more regions than
 * AWS has: the benchmark shows how the work grows.
 */
function main([count = "1"]: readonly string[]): void {
  const loaded = loadDeployment(`${process.env.BENCH_ROOT}/bench/three-models.yaml`);
  if (!loaded.ok) {
    throw new Error("bench/three-models.yaml is not valid");
  }
  const [region] = loaded.deployment.regions;
  if (region === undefined) {
    throw new Error("bench/three-models.yaml has no region");
  }
  const app = new App(appConfig);
  const regions = Array.from({ length: Number(count) }, (_, index) => ({
    ...region,
    name: `region-${index + 1}`,
  }));
  const deployment = { ...loaded.deployment, regions };
  synthesizeQuickly(() => {
    declareStacks(app, deployment);
    app.synth();
  });
}

main(process.argv.slice(2));
