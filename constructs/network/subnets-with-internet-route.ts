import { DataAwsRouteTable } from "@cdktf/provider-aws/lib/data-aws-route-table";
import { DataAwsRouteTables } from "@cdktf/provider-aws/lib/data-aws-route-tables";
import { TerraformIterator, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";

/** Expression: whether `route` is a default IPv4 route to an internet gateway. */
const IS_INTERNET_ROUTE =
  'route.cidr_block == "0.0.0.0/0" && try(startswith(route.gateway_id, "igw-"), false)';

/** Props of {@link SubnetsWithInternetRoute}. */
export interface SubnetsWithInternetRouteProps {
  /** The VPC of the subnets. */
  readonly vpcId: string;
  /** Ids of the subnets to check. */
  readonly subnetIds: string[];
}

/**
 * Finds the public ones among some subnets: those with a default IPv4 route to an internet gateway. A subnet without a
 * route table of its own uses the VPC's main one (VPC user guide, "Subnet route tables"), so all route tables of the
 * VPC are read.
 */
export class SubnetsWithInternetRoute extends Construct {
  /** Terraform expression for the list of their ids: `local.…`. */
  public readonly address: string;

  constructor(scope: Construct, id: string, { vpcId, subnetIds }: SubnetsWithInternetRouteProps) {
    super(scope, id);
    const tableIds = TerraformIterator.fromList(new DataAwsRouteTables(this, "route-tables", { vpcId }).ids);
    const table = new DataAwsRouteTable(this, "route-table", {
      forEach: tableIds,
      routeTableId: Token.asString(tableIds.value),
    });

    const tables = `values(data.aws_route_table.${table.friendlyUniqueId})`;
    const all = this.local("associations", `\${flatten(${tables}[*].associations)}`);
    const isPublic = `anytrue([for route in table.routes : ${IS_INTERNET_ROUTE}])`;
    const open = this.local(
      "public-associations",
      `\${flatten([for table in ${tables} : table.associations if ${isPublic}])}`,
    );
    const hasPublicTable = `contains(${open}[*].subnet_id, id)`;
    const followsPublicMainTable = `anytrue(${open}[*].main) && !contains(${all}[*].subnet_id, id)`;
    const ids = this.local("subnet-ids", subnetIds);
    this.address = this.local(
      "subnets",
      `\${[for id in ${ids} : id if ${hasPublicTable} || (${followsPublicMainTable})]}`,
    );
  }

  /** Gives a value a name, for use in expressions. */
  private local(id: string, value: string | string[]): string {
    return `local.${new TerraformLocal(this, id, value).friendlyUniqueId}`;
  }
}
