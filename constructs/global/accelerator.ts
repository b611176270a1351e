import { GlobalacceleratorAccelerator } from "@cdktf/provider-aws/lib/globalaccelerator-accelerator";
import { GlobalacceleratorEndpointGroup } from "@cdktf/provider-aws/lib/globalaccelerator-endpoint-group";
import { GlobalacceleratorListener } from "@cdktf/provider-aws/lib/globalaccelerator-listener";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { ARN_FORMS } from "../../aws/arn";
import {
  ACCELERATOR_LOG_PREFIX,
  ACCELERATOR_NAME,
  ACCELERATOR_PORT_RANGES,
  ENDPOINT_WEIGHT,
  TRAFFIC_DIAL,
} from "../../aws/global-accelerator";
import { PORT } from "../../aws/limits";
import { requireArn, requireText, requireWithin } from "../require-within";
import { requireBucketName } from "../storage/bucket-name";

/** A load balancer that is an endpoint of an accelerator. */
export interface AcceleratedLoadBalancer {
  /** Its region. A region can have only one of the load balancers. */
  readonly region: string;

  /** ARN of the load balancer. None of its target groups may have a threshold for DNS failover, or be empty. */
  readonly loadBalancerArn: string;

  /**
   * The traffic dial: per cent of the clients nearest to the region that it gets, 0 to 100. The others go to the next
   * region. It applies to new connections only. Global Accelerator ignores it when another region fails: with 0 the
   * region may still get the clients of that one.
   *
   * @default 100
   */
  readonly dial?: number;
}

/** Props of {@link Accelerator}. */
export interface AcceleratorProps {
  /** Name: 1 to 64 letters, digits, dots and hyphens, with a letter or digit at both ends. */
  readonly name: string;

  /** TCP ports that clients connect to, 1 to 10 of them. The load balancers listen on the same ports. */
  readonly ports: readonly number[];

  /** Its endpoints. */
  readonly loadBalancers: readonly AcceleratedLoadBalancer[];

  /**
   * Whether it has IPv6 addresses too. All load balancers must then be dual-stack.
   *
   * @default "ipv4"
   */
  readonly addresses?: "ipv4" | "ipv4 and ipv6";

  /**
   * Whether all connections from one client address go to the same region while it is healthy.
   *
   * @default "none": each connection is routed by itself
   */
  readonly clientAffinity?: "none" | "source-ip";

  /**
   * An S3 bucket for the flow logs, and a folder in it of 1 to 255 characters. The policy of the bucket must allow the
   * delivery.
   *
   * @default no such logs
   */
  readonly flowLogs?: { readonly bucket: string; readonly prefix: string };

  /**
   * Tags of the accelerator.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * AWS Global Accelerator in front of the load balancers of several regions. It has static addresses and routes each
 * connection to the nearest healthy region.
 *
 * The health checks of a load balancer alone decide whether its region is healthy. Health checks of an accelerator do
 * not apply to load balancers, so there are none to configure. Load balancers see the addresses of the clients: their
 * security groups allow clients as they do without an accelerator. The provider calls the API of this service in
 * us-west-2, whatever its own region.
 *
 * Source: Global Accelerator developer guide, "Endpoint groups for standard accelerators", "Preserve client IP
 * addresses" and "How failover works for unhealthy endpoints".
 *
 * @example
 * new Accelerator(this, "accelerator", {
 *   name: "chat",
 *   ports: [443],
 *   loadBalancers: [
 *     { region: "us-east-1", loadBalancerArn: american.arn },
 *     { region: "eu-central-1", loadBalancerArn: european.arn, dial: 50 },
 *   ],
 * });
 */
export class Accelerator extends Construct {
  /** ARN of the accelerator. */
  public readonly arn: string;
  /** ARN of its listener. It holds the ids of both, which are dimensions of their CloudWatch metrics. */
  public readonly listenerArn: string;
  /** ARNs of the endpoint groups, by region, for changing a traffic dial by hand. */
  public readonly endpointGroupArns: Readonly<Record<string, string>>;
  /** Its static addresses, as a token. */
  public readonly staticAddresses: string[];
  /** Its DNS name (the dual-stack one if it has IPv6) and the hosted zone of that name: a target for alias records. */
  public readonly target: { readonly dnsName: string; readonly zoneId: string };

  /**
   * @throws RangeError when a port, the number of ports or a dial is out of range
   * @throws Error when AWS would refuse the name or the folder, or a region is given twice
   */
  constructor(scope: Construct, id: string, props: AcceleratorProps) {
    super(scope, id);
    for (const { loadBalancerArn } of props.loadBalancers) {
      requireArn("loadBalancerArn", loadBalancerArn, ARN_FORMS.loadBalancer);
    }
    if (props.flowLogs !== undefined) {
      requireBucketName("bucket of flowLogs", props.flowLogs.bucket);
    }
    requireText("accelerator name", props.name, ACCELERATOR_NAME);
    requireWithin("number of ports", props.ports.length, ACCELERATOR_PORT_RANGES);
    requireEachRegionOnce(props.loadBalancers);
    const dualStack = props.addresses === "ipv4 and ipv6";
    const { flowLogs } = props;
    if (flowLogs !== undefined) {
      requireText("flowLogs.prefix", flowLogs.prefix, ACCELERATOR_LOG_PREFIX);
    }
    const accelerator = new GlobalacceleratorAccelerator(this, "Resource", {
      name: props.name,
      ipAddressType: dualStack ? "DUAL_STACK" : "IPV4",
      enabled: true,
      attributes: flowLogs && {
        flowLogsEnabled: true,
        flowLogsS3Bucket: flowLogs.bucket,
        flowLogsS3Prefix: flowLogs.prefix,
      },
      tags: props.tags,
    });
    const listener = new GlobalacceleratorListener(this, "listener", {
      acceleratorArn: accelerator.arn,
      protocol: "TCP",
      clientAffinity: props.clientAffinity === "source-ip" ? "SOURCE_IP" : "NONE",
      portRange: [...props.ports].sort((a, b) => a - b).map((port) => this.portRange(port)),
    });
    const groups = new Construct(this, "region");
    this.endpointGroupArns = Object.fromEntries(
      props.loadBalancers.map((balancer) => [
        balancer.region,
        this.endpointGroup(groups, listener, balancer).arn,
      ]),
    );
    this.arn = accelerator.arn;
    this.listenerArn = listener.id;
    this.staticAddresses = Token.asList(`\${flatten(${accelerator.fqn}.ip_sets[*].ip_addresses)}`);
    this.target = {
      dnsName: dualStack ? accelerator.dualStackDnsName : accelerator.dnsName,
      zoneId: accelerator.hostedZoneId,
    };
  }

  private portRange(port: number) {
    requireWithin("port", port, PORT);
    return { fromPort: port, toPort: port };
  }

  private endpointGroup(
    scope: Construct,
    listener: GlobalacceleratorListener,
    { region, loadBalancerArn, dial = TRAFFIC_DIAL.default }: AcceleratedLoadBalancer,
  ): GlobalacceleratorEndpointGroup {
    requireWithin(`dial of ${region}`, dial, TRAFFIC_DIAL);
    return new GlobalacceleratorEndpointGroup(scope, region, {
      listenerArn: listener.id,
      endpointGroupRegion: region,
      trafficDialPercentage: dial,
      endpointConfiguration: [
        { endpointId: loadBalancerArn, clientIpPreservationEnabled: true, weight: ENDPOINT_WEIGHT.default },
      ],
    });
  }
}

function requireEachRegionOnce(balancers: readonly AcceleratedLoadBalancer[]): void {
  const regions = balancers.map(({ region }) => region);
  const twice = regions.find((region, index) => regions.indexOf(region) < index);
  if (twice !== undefined) {
    throw new Error(`an accelerator has one endpoint group in each region; ${twice} is given twice`);
  }
}
