import { RESOURCE_GROUP_NAME } from "../../../aws/limits";
import { limited, oneOf, type Service } from "../table";

const TYPES = "Resource Groups user guide, Service configurations for resource groups";

/** What the resources of Resource Groups become. */
export const resourceGroups: Service = {
  service: "resource-groups",
  blocks: {
    aws_resourcegroups_group: {
      request: "CreateGroupInput",
      arguments: {
        name: limited("Name", RESOURCE_GROUP_NAME),
        "configuration.type": limited(
          "Type",
          oneOf(TYPES, "AWS::EC2::CapacityReservationPool", "AWS::ResourceGroups::Generic"),
        ),
        "configuration.parameters.name": limited("Name", oneOf(TYPES, "allowed-resource-types")),
        "configuration.parameters.values": limited("Values", oneOf(TYPES, "AWS::EC2::CapacityReservation")),
      },
    },
    aws_resourcegroups_resource: {
      request: "GroupResourcesInput",
      arguments: { group_arn: "Group", resource_arn: "ResourceArns" },
    },
  },
};
