import { ACCELERATOR_NAME } from "../../../aws/global-accelerator";
import { limited, type Service } from "../table";

/** What the resources of Global Accelerator become. */
export const globalAccelerator: Service = {
  service: "globalaccelerator",
  blocks: {
    aws_globalaccelerator_accelerator: {
      request: "CreateAcceleratorRequest",
      // The model has one length for all texts of the service.
      arguments: {
        name: limited("Name", ACCELERATOR_NAME),
        attributes: "UpdateAcceleratorAttributesRequest:",
      },
      provided: ["AcceleratorArn", "IdempotencyToken"],
    },
    aws_globalaccelerator_endpoint_group: {
      request: "CreateEndpointGroupRequest",
      provided: ["EndpointGroupRegion", "IdempotencyToken"],
    },
    aws_globalaccelerator_listener: { request: "CreateListenerRequest", provided: ["IdempotencyToken"] },
  },
};
