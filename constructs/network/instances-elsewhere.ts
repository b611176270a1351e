import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DataAwsInstances } from "@cdktf/provider-aws/lib/data-aws-instances";
import { type Precondition, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";

/** Every state in which an instance has a network interface, which keeps its subnet. */
const STATES_WITH_INTERFACE = ["pending", "running", "shutting-down", "stopping", "stopped"];

/** EC2 refuses a filter without a value, and finds nothing by this one. */
const NO_ZONE = "none";

/** Props of {@link InstancesElsewhere}. */
export interface InstancesElsewhereProps {
  /** Tags that the instances have. */
  readonly tags: { readonly [key: string]: string };
  /** The zones in which they may run. */
  readonly availabilityZones: string[];
  /**
   * The error of a plan.
   *
   * @param instances the ids of the instances elsewhere, as part of a sentence
   */
  readonly refusal: (instances: string) => string;
}

/**
 * Looks for instances in other zones than some. It asks AWS at every plan, and finds none before the first deploy.
 *
 * A load balancer sends no requests to targets in a zone that it has left (ELB user guide, "Target groups for your
 * Application Load Balancers"), and a subnet cannot be deleted while an instance is in it (EC2 API reference,
 * DeleteSubnet).
 */
export class InstancesElsewhere extends Construct {
  /** Holds when there is none. For the `lifecycle.precondition` of what they need. */
  public readonly precondition: Precondition;

  constructor(scope: Construct, id: string, props: InstancesElsewhereProps) {
    super(scope, id);
    const zones = new DataAwsAvailabilityZones(this, "zones", {});
    const kept = new TerraformLocal(this, "kept-zones", props.availabilityZones);
    const others = `setsubtract(${zones.fqn}.names, local.${kept.friendlyUniqueId})`;
    const found = new DataAwsInstances(this, "instances", {
      filter: [
        ...Object.entries(props.tags)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, value]) => ({ name: `tag:${key}`, values: [value] })),
        { name: "availability-zone", values: Token.asList(`\${concat(["${NO_ZONE}"], tolist(${others}))}`) },
      ],
      instanceStateNames: STATES_WITH_INTERFACE,
    });
    const ids = `${found.fqn}.ids`;
    this.precondition = {
      condition: `\${length(${ids}) == 0}`,
      errorMessage: props.refusal(`\${join(", ", ${ids})}`),
    };
  }
}
