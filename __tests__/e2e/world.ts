import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateManagedPrefixListCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInternetGatewaysCommand,
  DescribeManagedPrefixListsCommand,
  DetachInternetGatewayCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { CreateHostedZoneCommand, ListHostedZonesCommand, Route53Client } from "@aws-sdk/client-route-53";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { accessTo } from "./aws";
import { EMULATED_PARAMETERS } from "./rewrites/emulator-gaps";

/** A VPC that was there before, with subnets in as many zones as asked for. */
export interface FoundNetwork {
  readonly vpcId: string;
  /** Its zones, none of which lacks GPUs: AWS does not extend those. */
  readonly zoneNames: readonly string[];
  /** One in each zone, with a route to the internet. Those of the first three zones have the tag `public-3`. */
  readonly publicSubnetIds: readonly string[];
  /** One in each zone, without such a route. Those of the first three zones have the tag `private-3`. */
  readonly privateSubnetIds: readonly string[];
}

/** What AWS, and the team, have before the first deploy. */
export interface World {
  networkIn(region: string): FoundNetwork;
  readonly hostedZoneId: string;
}

const DOMAIN = "example.com";
const ARCHITECTURES = ["x86_64", "arm64"];
const AMI = "ami-0123456789abcdef0";
/** The only zone of the emulator's that AWS does not extend any more, and which has no newer GPUs. */
const OLD_ZONE = "use1-az3";

/**
 * Makes it through the AWS SDK, with none of the project's code: a hosted zone `example.com`, and in each region
 * what AWS says its newest machine images are, the list of where Route 53's checkers ask from, and a network.
 *
 * @param regions how many zones to have subnets in at most, by region
 */
export async function createWorld(
  endpoint: string,
  regions: Readonly<Record<string, number>>,
): Promise<World> {
  const hostedZoneId = await createHostedZone(new Route53Client(accessTo(endpoint, "us-east-1")));
  const networks = new Map<string, FoundNetwork>();
  for (const [region, zones] of Object.entries(regions)) {
    await publishImages(new SSMClient(accessTo(endpoint, region)));
    const ec2 = new EC2Client(accessTo(endpoint, region));
    await publishCheckers(ec2, region);
    networks.set(region, await createNetwork(ec2, zones));
  }
  return {
    hostedZoneId,
    networkIn: (region) => required(networks.get(region)),
  };
}

/** Takes the internet gateway of a network away from it; routes to it stay. */
export async function detachInternetGateway(
  endpoint: string,
  region: string,
  { vpcId }: FoundNetwork,
): Promise<void> {
  const ec2 = new EC2Client(accessTo(endpoint, region));
  const Filters = [{ Name: "attachment.vpc-id", Values: [vpcId] }];
  const { InternetGateways = [] } = await ec2.send(new DescribeInternetGatewaysCommand({ Filters }));
  for (const { InternetGatewayId } of InternetGateways) {
    await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId: vpcId }));
  }
}

/** Where several stories share an emulator, the first one's is found. */
async function createHostedZone(route53: Route53Client): Promise<string> {
  const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand());
  const found = HostedZones.find(({ Name }) => Name === `${DOMAIN}.`);
  const made = async () =>
    (await route53.send(new CreateHostedZoneCommand({ Name: DOMAIN, CallerReference: DOMAIN }))).HostedZone;
  return required((found ?? (await made()))?.Id).replace("/hostedzone/", "");
}

async function publishImages(ssm: SSMClient): Promise<void> {
  for (const architecture of ARCHITECTURES) {
    for (const image of [
      `deeplearning/ami/${architecture}/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id`,
      `ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
    ]) {
      const Name = `${EMULATED_PARAMETERS}/${image}`;
      await ssm.send(new PutParameterCommand({ Name, Value: AMI, Type: "String", Overwrite: true }));
    }
  }
}

/** The emulator has other lists of AWS's, and not this one. */
async function publishCheckers(ec2: EC2Client, region: string): Promise<void> {
  const PrefixListName = `com.amazonaws.${region}.route53-healthchecks`;
  const { PrefixLists = [] } = await ec2.send(new DescribeManagedPrefixListsCommand());
  if (!PrefixLists.some((list) => list.PrefixListName === PrefixListName)) {
    await ec2.send(
      new CreateManagedPrefixListCommand({
        PrefixListName,
        AddressFamily: "IPv4",
        MaxEntries: 1,
        Entries: [{ Cidr: "15.177.0.0/18" }],
      }),
    );
  }
}

async function createNetwork(ec2: EC2Client, most: number): Promise<FoundNetwork> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.99.0.0/16" }));
  const VpcId = required(Vpc?.VpcId);
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand());
  const GatewayId = InternetGateway?.InternetGatewayId;
  await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId: GatewayId }));
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  const RouteTableId = RouteTable?.RouteTableId;
  await ec2.send(new CreateRouteCommand({ RouteTableId, GatewayId, DestinationCidrBlock: "0.0.0.0/0" }));

  const { AvailabilityZones = [] } = await ec2.send(new DescribeAvailabilityZonesCommand());
  const zones = AvailabilityZones.filter(({ ZoneId }) => ZoneId !== OLD_ZONE)
    .map(({ ZoneName }) => required(ZoneName))
    .slice(0, most);
  /** Found by tags, a number of zones is a set of subnets: those whose tags say they are among that many. */
  const createSubnet = async (kind: "public" | "private", place: number): Promise<string> => {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId,
        CidrBlock: `10.99.${(kind === "public" ? 0 : 100) + place}.0/24`,
        AvailabilityZone: zones[place],
        TagSpecifications: [
          {
            ResourceType: "subnet",
            Tags: zones.slice(place).map((_, more) => ({ Key: `${kind}-${place + more + 1}`, Value: "yes" })),
          },
        ],
      }),
    );
    return required(Subnet?.SubnetId);
  };
  const publicSubnetIds: string[] = [];
  const privateSubnetIds: string[] = [];
  for (const place of zones.keys()) {
    const SubnetId = await createSubnet("public", place);
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    publicSubnetIds.push(SubnetId);
    privateSubnetIds.push(await createSubnet("private", place));
  }
  return { vpcId: VpcId, zoneNames: zones, publicSubnetIds, privateSubnetIds };
}

/** @throws Error when it is undefined */
function required<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error("AWS's answer does not name what was created");
  }
  return value;
}
