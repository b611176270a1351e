import { type Block, providerSchema } from "./schema";

/** A block whose schema is known. */
export interface KnownBlock {
  readonly block: Block;
  /** What it is in a sentence, e.g. `aws_lb`. */
  readonly name: string;
  /** The page that describes it. */
  readonly page: string;
}

const REGISTRY = `https://registry.terraform.io/providers/hashicorp/aws/${providerSchema.version}/docs`;
const TERRAFORM = "https://developer.hashicorp.com/terraform/language";

/** The two types that Terraform has without a provider. Source: `terraform providers schema -json` of Terraform 1.11. */
const BUILT_IN: Readonly<Record<string, KnownBlock>> = {
  terraform_data: {
    name: "terraform_data",
    page: `${TERRAFORM}/resources/terraform-data`,
    block: {
      attributes: {
        id: { type: "string", computed: true },
        input: { type: "dynamic", optional: true },
        output: { type: "dynamic", computed: true },
        triggers_replace: { type: "dynamic", optional: true },
      },
    },
  },
  "data.terraform_remote_state": {
    name: "terraform_remote_state",
    page: `${TERRAFORM}/state/remote-state-data`,
    block: {
      attributes: {
        backend: { type: "string", required: true },
        config: { type: "dynamic", optional: true },
        defaults: { type: "dynamic", optional: true },
        outputs: { type: "dynamic", computed: true },
        workspace: { type: "string", optional: true },
      },
    },
  },
};

const known: ReadonlyMap<string, KnownBlock> = new Map([
  ...Object.entries(BUILT_IN),
  ...documented(providerSchema.resource_schemas, "", "resources"),
  ...documented(providerSchema.data_source_schemas, "data.", "data-sources"),
]);

function documented(blocks: Readonly<Record<string, Block>>, prefix: string, folder: string) {
  return Object.entries(blocks).map(
    ([type, block]) =>
      [
        `${prefix}${type}`,
        { block, name: type, page: `${REGISTRY}/${folder}/${type.replace("aws_", "")}` },
      ] as const,
  );
}

/** @param type a resource as `aws_lb`, a data source as `data.aws_vpc` */
export function knownBlock(type: string): KnownBlock | undefined {
  return known.get(type);
}

/** The block of the provider `aws` itself. */
export const providerBlock: KnownBlock = {
  block: providerSchema.provider,
  name: "provider aws",
  page: REGISTRY,
};
