import { DataAwsInstances } from "@cdktf/provider-aws/lib/data-aws-instances";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Testing } from "cdktf";
import { InstancesElsewhere } from "../../../constructs/network/instances-elsewhere";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

const stack = new ServingStack(Testing.app(), "region");
const { precondition } = new InstancesElsewhere(stack, "elsewhere", {
  tags: { deployment: "chat", app: "llama" },
  availabilityZones: ["us-east-1a", "us-east-1b"],
  refusal: (instances) => `Still there: ${instances}.`,
});
new SecurityGroup(stack, "guarded", { lifecycle: { precondition: [precondition] } });
const synthesized = Testing.synth(stack);

it("looks for instances with the tags, in every state in which they keep a subnet, in all other zones", () => {
  expect(synthesized).toHaveDataSourceWithProperties(DataAwsInstances, {
    filter: [
      { name: "tag:app", values: ["llama"] },
      { name: "tag:deployment", values: ["chat"] },
      {
        name: "availability-zone",
        values: `\${concat(["none"], tolist(setsubtract(data.aws_availability_zones.elsewhere_zones.names, local.elsewhere_kept-zones)))}`,
      },
    ],
    instance_state_names: ["pending", "running", "shutting-down", "stopping", "stopped"],
  });
  expect(JSON.parse(synthesized).locals["elsewhere_kept-zones"]).toEqual(["us-east-1a", "us-east-1b"]);
});

it("refuses with their ids", () => {
  const { lifecycle } = JSON.parse(synthesized).resource.aws_security_group.guarded;
  expect(lifecycle.precondition).toEqual([
    {
      condition: `\${length(data.aws_instances.elsewhere_instances.ids) == 0}`,
      error_message: `Still there: \${join(", ", data.aws_instances.elsewhere_instances.ids)}.`,
    },
  ]);
});
