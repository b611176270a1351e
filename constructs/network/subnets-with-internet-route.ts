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
}

/**
 * Finds the public ones among some subnets: those with a default IPv4 route to an internet gateway. A subnet without a
 * route table of its own uses the VPC's main one (VPC user guide, "Subnet route tables"), so all route tables of the
 * VPC are read.
 */
export class SubnetsWithInternetRoute extends Construct {
  /** Expression: the associations of all route tables. */
  private readonly all: string;
  /** Expression: the associations of the route tables with a route to the internet. */
  private readonly open: string;

  constructor(scope: Construct, id: string, { vpcId }: SubnetsWithInternetRouteProps) {
    super(scope, id);
    const tableIds = TerraformIterator.fromList(new DataAwsRouteTables(this, "route-tables", { vpcId }).ids);
    const table = new DataAwsRouteTable(this, "route-table", {
      forEach: tableIds,
      routeTableId: Token.asString(tableIds.value),
    });

    const tables = `values(data.aws_route_table.${table.friendlyUniqueId})`;
    this.all = this.local("associations", `\${flatten(${tables}[*].associations)}`);
    const isPublic = `anytrue([for route in table.routes : ${IS_INTERNET_ROUTE}])`;
    this.open = this.local(
      "public-associations",
      `\${flatten([for table in ${tables} : table.associations if ${isPublic}])}`,
    );
  }

  /**
   * The public ones among some subnets.
   *
   * @param use a name of letters and hyphens for these subnets, different for each call
   * @param subnetIds ids of the subnets to check
   * @returns a Terraform expression for the list of their ids: `local.…`
   */
  public among(use: string, subnetIds: string[]): string {
    const hasPublicTable = `contains(${this.open}[*].subnet_id, id)`;
    const followsPublicMainTable = `anytrue(${this.open}[*].main) && !contains(${this.all}[*].subnet_id, id)`;
    const ids = this.local(`${use}-subnet-ids`, subnetIds);
    return this.local(
      `${use}-subnets`,
      `\${[for id in ${ids} : id if ${hasPublicTable} || (${followsPublicMainTable})]}`,
    );
  }

  /** Gives a value a name, for use in expressions. */
  private local(id: string, value: string | string[]): string {
    return `local.${new TerraformLocal(this, id, value).friendlyUniqueId}`;
  }
}
