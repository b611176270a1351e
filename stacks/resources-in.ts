import { type ITerraformDependable, TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";

/** The resources that constructs are made of, for a resource that must wait for all of them. */
export function resourcesIn(...constructs: readonly IConstruct[]): readonly ITerraformDependable[] {
  return constructs.flatMap(({ node }) =>
    node.findAll().filter((construct) => TerraformResource.isTerraformResource(construct)),
  );
}
