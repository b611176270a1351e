import { TerraformElement, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct, IConstruct, Node } from "constructs";

/** Ids of the main child of a construct, in the constructs library and in Terraform modules. */
const DEFAULT_CHILD_IDS: ReadonlySet<string> = new Set(["Default", "Resource", "this"]);

/** How cdktf begins the ids of the outputs it adds for references from another stack. */
const CROSS_STACK_OUTPUT = "cross-stack-output-";

/** S3's own lock is no longer experimental from 1.11 on (Terraform 1.11 release notes). */
const TERRAFORM_VERSION = ">= 1.11";

/**
 * A stack whose addresses in a Terraform plan read like its construct tree: the construct
 * `llama-3-8b/canary/group` becomes `aws_lb_target_group.llama-3-8b_canary_group`.
 *
 * cdktf would end every nested address with a hash of its path. Here the path itself, joined with `_`, is the
 * logical id. Ids contain no `_`, so two paths never share one. A default child (`Default`,
 * `Resource` or `this`) takes the name of its parent. `overrideLogicalId` and moves work as usual.
 *
 * @throws Error, when an address is first needed (at synthesis at the latest), for an id that contains anything
 * but letters, digits and hyphens, for an address that would not start with a letter, and for a construct with
 * two default children
 */
export class ServingStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.addOverride("terraform.required_version", TERRAFORM_VERSION);
  }

  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    const path = withoutDefaultChild(node.scopes.slice(node.scopes.indexOf(this) + 1));
    const logicalId = path.map((construct) => wordFor(construct)).join("_");
    if (!/^[A-Za-z]/.test(logicalId)) {
      throw new Error(`${node.path}: a Terraform address starts with a letter, "${logicalId}" does not`);
    }
    return logicalId;
  }
}

function withoutDefaultChild(path: readonly IConstruct[]): readonly IConstruct[] {
  const [parent, child] = path.slice(-2);
  return parent && child && isMainChild(child, parent) ? path.slice(0, -1) : path;
}

function isMainChild(child: IConstruct, parent: IConstruct): boolean {
  if (!DEFAULT_CHILD_IDS.has(child.node.id) || TerraformElement.isTerraformElement(parent)) {
    return false;
  }
  const rivals = parent.node.children.filter(({ node }) => DEFAULT_CHILD_IDS.has(node.id));
  if (rivals.length > 1) {
    const ids = rivals.map(({ node }) => `"${node.id}"`).join(" and ");
    throw new Error(`${parent.node.path}: its children ${ids} would share one Terraform address; rename one`);
  }
  return true;
}

function wordFor(construct: IConstruct): string {
  const { id, path } = construct.node;
  if (TerraformOutput.isTerraformOutput(construct) && id.startsWith(CROSS_STACK_OUTPUT)) {
    return wordForAddress(id);
  }
  if (!/^[A-Za-z0-9-]+$/.test(id)) {
    throw new Error(`${path}: the id "${id}" may contain only letters, digits and hyphens`);
  }
  return id;
}

/** `aws_lb.alb_main.arn` as `aws_lb__alb_main__arn`. A dot becomes `__`, so that two addresses never share a word. */
function wordForAddress(address: string): string {
  return address.replaceAll(".", "__").replace(/[^A-Za-z0-9_-]+/g, "-");
}
