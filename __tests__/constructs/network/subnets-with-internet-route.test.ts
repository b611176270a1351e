import { DataAwsRouteTable } from "@cdktf/provider-aws/lib/data-aws-route-table";
import { DataAwsRouteTables } from "@cdktf/provider-aws/lib/data-aws-route-tables";
import { TerraformOutput, Testing } from "cdktf";
import { SubnetsWithInternetRoute } from "../../../constructs/network/subnets-with-internet-route";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

describe("subnets with a route to the internet", () => {
  const stack = new ServingStack(Testing.app(), "region");
  const found = new SubnetsWithInternetRoute(stack, "internet", {
    vpcId: "vpc-1",
  });
  const address = found.among("instance", ["subnet-1", "subnet-2"]);
  found.among("alb", ["subnet-3"]);
  new TerraformOutput(stack, "found", { value: `\${${address}}` });
  const synthesized = Testing.synth(stack);
  const { locals, output } = JSON.parse(synthesized);
  const tables = "values(data.aws_route_table.internet_route-table)";

  it("are looked for in every route table of the VPC", () => {
    expect(synthesized).toHaveDataSourceWithProperties(DataAwsRouteTables, { vpc_id: "vpc-1" });
    expect(synthesized).toHaveDataSourceWithProperties(DataAwsRouteTable, {
      for_each: `\${toset(data.aws_route_tables.internet_route-tables.ids)}`,
      route_table_id: `\${each.value}`,
    });
  });

  it("are associated with a table whose default route goes to an internet gateway", () => {
    expect(locals["internet_public-associations"]).toBe(
      `\${flatten([for table in ${tables} : table.associations if anytrue([for route in table.routes : route.cidr_block == "0.0.0.0/0" && try(startswith(route.gateway_id, "igw-"), false)])])}`,
    );
  });

  it("or with none, when the main table has such a route", () => {
    expect(locals.internet_associations).toBe(`\${flatten(${tables}[*].associations)}`);
    expect(locals["internet_instance-subnets"]).toBe(
      `\${[for id in local.internet_instance-subnet-ids : id if contains(local.internet_public-associations[*].subnet_id, id) || (anytrue(local.internet_public-associations[*].main) && !contains(local.internet_associations[*].subnet_id, id))]}`,
    );
  });

  it("are some of the given ones", () => {
    expect(locals["internet_instance-subnet-ids"]).toEqual(["subnet-1", "subnet-2"]);
    expect(locals["internet_alb-subnet-ids"]).toEqual(["subnet-3"]);
    expect(output.found.value).toBe(`\${local.internet_instance-subnets}`);
  });
});
