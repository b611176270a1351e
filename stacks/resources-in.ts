import { type ITerraformDependable, TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";

/** All resources in some constructs, for a resource that depends on all of them. */
export function resourcesIn(...constructs: readonly IConstruct[]): readonly ITerraformDependable[] {
  return constructs.flatMap(({ node }) =>
    node.findAll().filter((construct) => TerraformResource.isTerraformResource(construct)),
  );
}
