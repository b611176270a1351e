import { loadDeployment } from "../config/load";
import { synthesize } from "../stacks/deployment-stacks";

/**
 * Synthesizes as many copies of a region with three models as the first argument states. There may be more regions than
 * AWS has: the benchmark shows how the work grows.
 */
function main([count = "1"]: readonly string[]): void {
  const loaded = loadDeployment(`${process.env.BENCH_ROOT}/bench/three-models.yaml`);
  if (!loaded.ok) {
    throw new Error("bench/three-models.yaml is not valid");
  }
  const regions = Array.from({ length: Number(count) }, (_, index) =>
    loaded.deployment.regions.map((region) => ({ ...region, name: `region-${index + 1}` })),
  );
  synthesize({ ...loaded.deployment, regions: regions.flat() }, process.env.CDKTF_OUTDIR ?? "cdktf.out");
}

main(process.argv.slice(2));
