import { VALID_YAML, validFile, type WrittenFile } from "./serving-file";

/** A `serving.yaml` without a diagnostic or a warning: one model in two regions, with a global endpoint over them. */
export const GLOBAL_ENDPOINT_YAML = VALID_YAML.replace(
  "        cidr: 10.0.0.0/16\n",
  "        cidr: 10.0.0.0/16\n  eu-west-1:\n    network: { create: { cidr: 10.1.0.0/16 } }\n",
).replace("alarms:\n", "globalEndpoint:\n  routing: latency\nalarms:\n");

/** The same with another routing, and more of the global endpoint. */
export const globalEndpointYaml = (routing: string, more = ""): string =>
  GLOBAL_ENDPOINT_YAML.replace("  routing: latency\n", `  routing: ${routing}\n${more}`);

type WrittenRegion = WrittenFile["regions"][string];

/** A valid file with a global endpoint over regions, each in a network of its own, with its other settings. */
export function globalEndpointFile(
  globalEndpoint: NonNullable<WrittenFile["globalEndpoint"]>,
  regions: Readonly<Record<string, Partial<WrittenRegion>>> = { "us-east-1": {}, "eu-west-1": {} },
  more: Partial<WrittenFile> = {},
): WrittenFile {
  const networks = Object.entries(regions).map(([name, expected], index) => [
    name,
    { network: { create: { cidr: `10.${index}.0.0/16` } }, ...expected },
  ]);
  return { ...validFile(), regions: Object.fromEntries(networks), globalEndpoint, ...more };
}
