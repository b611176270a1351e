import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { StateLocation } from "../../config/plan/deployment";
import type { Json } from "../support/synthesis";
import { accessTo } from "./aws";

/** A stack that another one reads, and where its state is looked for. */
export interface ReadStack {
  readonly state: StateLocation;
  /** Its name, e.g. `us-east-1`. */
  readonly name: string;
  readonly json: Json;
}

/**
 * Writes states with the outputs that stacks would have once deployed, in made-up texts, for stacks that are planned and
 * never deployed. If several stacks have the same state, it has the outputs of all of them.
 */
export async function provideStates(endpoint: string, stacks: readonly ReadStack[]): Promise<void> {
  const outputs = new Map<string, { readonly stack: ReadStack; readonly values: Record<string, Json> }>();
  for (const stack of stacks) {
    const place = `${stack.state.bucket}/${stack.name}`;
    const values: Record<string, Json> = outputs.get(place)?.values ?? {};
    for (const [name, { value }] of Object.entries<Json>(stack.json.output ?? {})) {
      values[name] = typeof value === "string" ? value : { ...values[name], ...value };
    }
    outputs.set(place, { stack, values });
  }
  const buckets = new Set<string>();
  for (const { stack, values } of outputs.values()) {
    const { bucket: Bucket, region } = stack.state;
    const s3 = new S3Client({ ...accessTo(endpoint, region), forcePathStyle: true });
    if (!buckets.has(Bucket)) {
      await s3.send(new CreateBucketCommand({ Bucket }));
      buckets.add(Bucket);
    }
    await s3.send(new PutObjectCommand({ Bucket, Key: `${stack.name}.tfstate`, Body: state(values) }));
  }
}

/** The text of a state without resources. */
function state(values: Readonly<Record<string, Json>>): string {
  const made = Object.entries(values).map(([name, value]) => [
    name,
    { value: madeUp(value), type: typeOf(value) },
  ]);
  return JSON.stringify({
    version: 4,
    terraform_version: "1.5.0",
    serial: 1,
    lineage: "provided",
    outputs: Object.fromEntries(made),
    resources: [],
  });
}

/** A value with letters instead of its references, which have values only after a deploy. */
function madeUp(value: Json): Json {
  if (typeof value === "string") {
    return value
      .replace(
        /\$\{[^}]*\.arn\}/g,
        "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/b",
      )
      .replace(/\$\{[^}]*\}/g, "known");
  }
  return Object.fromEntries(Object.entries<Json>(value).map(([key, inner]) => [key, madeUp(inner)]));
}

/** As Terraform writes the type of a value in a state. */
function typeOf(value: Json): Json {
  if (typeof value === "string") {
    return "string";
  }
  return [
    "object",
    Object.fromEntries(Object.entries<Json>(value).map(([key, inner]) => [key, typeOf(inner)])),
  ];
}
