/** Lines below a key. */
export function below(key: string, lines: readonly string[]): string {
  return [`${key}:`, ...lines.flatMap((line) => line.split("\n")).map((line) => `  ${line}`)].join("\n");
}

/** Parts of a file, one after the other. */
export function parts(...texts: readonly string[]): string {
  return texts.join("\n");
}

/** Fields of the model `llama`. */
export function model(...fields: readonly string[]): string {
  return below("models", [below("llama", fields)]);
}

/** Fields of the model `llama`, beside another model with fields of its own. */
export function models(llama: string, mistral: string): string {
  return below("models", [below("llama", [llama]), anotherModel(mistral)]);
}

/** A model that has all it needs but the fields. */
export function anotherModel(...fields: readonly string[]): string {
  return below("mistral", [
    "server: vllm",
    "image: vllm/vllm-openai:v0.28.0",
    "model: acme/mistral",
    "instanceTypes: [g6.2xlarge]",
    "loadTime: 6m",
    "longestRequest: 5m",
    ...fields,
  ]);
}

/** Fields of the region `us-east-1`. */
export function region(...fields: readonly string[]): string {
  return below("regions", [below("us-east-1", fields)]);
}

/** A second region, with a network and more fields; and fields of the first. */
export function secondRegion(
  fields: readonly string[] = [],
  ofFirst: readonly string[] = [],
  name = "eu-west-1",
): string {
  const second = below(name, ["network: { create: { cidr: 10.1.0.0/16 } }", ...fields]);
  return below("regions", ofFirst.length === 0 ? [second] : [below("us-east-1", ofFirst), second]);
}

/** A second region, in a VPC that is there. */
export function existingNetwork(...fields: readonly string[]): string {
  const network = below("network", [below("existing", ["vpcId: vpc-0123456789abcdef0", ...fields])]);
  return below("regions", [below("eu-west-1", [network])]);
}

/** `first, second, …`: as many as `count`. */
export function many(count: number, each: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => each(index)).join(", ");
}
