import { AutoScalingClient, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import {
  DeleteSubnetCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { WrittenFile } from "../support/serving-file";
import { accessTo, type Eyes, lookAt } from "./aws";
import { inNetwork, smallModel } from "./deployments";
import { inBrief, leftToChange, plannedChanges } from "./plan-changes";
import { createProject, type Project } from "./project";
import { say, step } from "./steps";
import { suite } from "./suite";
import { createWorld, type World } from "./world";

/** Two regions: one with a number of zones and IPv6, one with named zones. */
function moves(): WrittenFile {
  return {
    name: "moves",
    state: { bucket: "example-moves-tfstate", region: "us-east-1" },
    entry: { protocol: "unencrypted-http", allow: ["203.0.113.0/24"], callers: "unauthenticated" },
    alarms: { email: "on-call@example.com" },
    regions: {
      "us-east-1": { network: { create: { cidr: "10.0.0.0/16", zones: 3 } }, entry: { dualStack: true } },
      "eu-west-1": {
        network: { create: { cidr: "10.1.0.0/16", zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] } },
      },
    },
    models: { llama: smallModel() },
  };
}

suite("changed for real", (around) => {
  let project: Project;
  let world: World;
  /** What is deployed; each step goes on from where the last one left it. */
  const wanted = moves();
  const us = (): Eyes => lookAt(around().emulator.endpoint, "us-east-1");
  const eu = (): Eyes => lookAt(around().emulator.endpoint, "eu-west-1");
  const europe = () => new EC2Client(accessTo(around().emulator.endpoint, "eu-west-1"));

  /** Puts down a changed file, and returns Terraform in the folder of a region. */
  async function changed(region: string, change: (file: WrittenFile) => unknown) {
    const file = structuredClone(wanted);
    change(file);
    project.write(file);
    await project.synthesize();
    return project.terraform(region);
  }

  /** The error of a plan of a region with a changed file, in one line. */
  async function refusalOf(region: string, change: (file: WrittenFile) => unknown): Promise<string> {
    const terraform = await changed(region, change);
    const error: unknown = await terraform.plan().then(
      () => "planned",
      (thrown) => thrown,
    );
    return String(error).replace(/[│╷╵\s]+/g, " ");
  }

  /** Takes a subnet from every Auto Scaling group there, as docs/operations.md says. */
  async function leaveZone(subnet: string | undefined): Promise<void> {
    const scaling = new AutoScalingClient(accessTo(around().emulator.endpoint, "eu-west-1"));
    for (const { AutoScalingGroupName, VPCZoneIdentifier = "" } of await eu().groups()) {
      const kept = VPCZoneIdentifier.split(",").filter((each) => each !== subnet);
      await scaling.send(
        new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, VPCZoneIdentifier: kept.join(",") }),
      );
    }
  }

  const network = (region: string, create: object) => (file: WrittenFile) =>
    Object.assign(file.regions[region] ?? {}, { network: { create } });
  const internal = ({ entry }: WrittenFile) => Object.assign(entry, { scheme: "internal" });
  // The zones that a number takes here: use1-az1, -az2 and -az4. Out of others the instances would have to go first.
  const byName = network("us-east-1", {
    cidr: "10.0.0.0/16",
    zones: ["us-east-1b", "us-east-1c", "us-east-1d"],
  });
  const byNumber = network("eu-west-1", { cidr: "10.1.0.0/16", zones: 3 });
  const otherBlock = network("eu-west-1", {
    cidr: "10.9.0.0/16",
    zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  });
  const zoneLess = network("eu-west-1", { cidr: "10.1.0.0/16", zones: ["eu-west-1a", "eu-west-1b"] });

  step("deploy: two regions", async () => {
    project = createProject("moves", around());
    project.write(wanted);
    world = await createWorld(around().emulator.endpoint, { "us-east-1": 3, "eu-west-1": 0 });
    await project.deploy("state");
    say("waits for the load balancers, for which the provider takes a minute");
    await project.deploy("*-*");
    for (const region of ["us-east-1", "eu-west-1"]) {
      expect(leftToChange(await project.terraform(region).plan())).toEqual([]);
    }
  });

  step("a plan refuses what AWS would stop halfway, and names the steps", async () => {
    const buildsAnew = [
      "To keep what is deployed, write the old value.",
      "remove the region and add it again with the new value",
      "deploy a copy of the file with the new value, another name, another state bucket and another domain",
      "See docs/changes.md.",
    ];
    const existing = ({ regions }: WrittenFile) =>
      Object.assign(regions, { "us-east-1": inNetwork(world.networkIn("us-east-1")) });
    const refusals: readonly [string, (file: WrittenFile) => unknown, readonly string[]][] = [
      [
        "us-east-1",
        internal,
        ['deployed with "internet-facing"', 'says "internal"', "TargetGroupAssociationLimit"],
      ],
      ["us-east-1", byName, ['deployed with "a number of zones"', "InvalidSubnet.Conflict"]],
      [
        "us-east-1",
        existing,
        ['deployed with "10.0.0.0/16"', 'now says "vpc-', "Resource.AlreadyAssociated"],
      ],
      ["eu-west-1", byNumber, ['deployed with "zones by name"', "InvalidSubnet.Conflict"]],
      [
        "eu-west-1",
        otherBlock,
        ['deployed with "10.1.0.0/16"', 'now says "10.9.0.0/16"', "Resource.AlreadyAssociated"],
      ],
    ];
    for (const [region, change, sentences] of refusals) {
      const refusal = await refusalOf(region, change);
      for (const sentence of [...sentences, ...buildsAnew]) {
        expect(refusal).toContain(sentence);
      }
      expect(refusal).not.toContain("will be created");
    }
  });

  step("IPv6 and logs off: in one apply, and the logs that there are stay", async () => {
    const [bucket = ""] = await logBuckets(us());
    const s3 = new S3Client({ ...accessTo(around().emulator.endpoint, "us-east-1"), forcePathStyle: true });
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "AWSLogs/a-log", Body: "GET /" }));
    wanted.regions["us-east-1"] = {
      ...wanted.regions["us-east-1"],
      network: wanted.regions["us-east-1"]?.network ?? {},
      entry: { dualStack: false, logs: { access: false, connections: false } },
    };
    project.write(wanted);
    await project.synthesize();
    const terraform = project.terraform("us-east-1");
    const changes = inBrief(plannedChanges(await terraform.plan()));
    expect(changes.filter((change) => !/^\d+ forget aws_s3_bucket/.test(change))).toEqual([
      "1 update aws_lb access_logs.enabled",
      "1 update aws_lb connection_logs.enabled",
      "1 update aws_lb ip_address_type",
    ]);
    await terraform.apply();

    const [balancer] = await us().loadBalancers();
    expect(balancer?.IpAddressType).toBe("ipv4");
    expect(await us().loadBalancerAttributes(balancer?.LoadBalancerArn)).toMatchObject({
      "access_logs.s3.enabled": "false",
      "connection_logs.s3.enabled": "false",
    });
    expect(await us().objects(bucket)).toEqual(["AWSLogs/a-log"]);
    expect(await us().bucket(bucket)).toMatchObject({ publicAccess: { BlockPublicAcls: true } });
    expect(leftToChange(await terraform.plan())).toEqual([]);
  });

  step("a zone less: refused while instances run there, then in one apply", async () => {
    say(
      "starts an instance in the zone: the emulator starts those of a group in one subnet, AWS in all of them",
    );
    const subnet = await startInstanceIn(europe(), "eu-west-1c");
    const left = await instancesIn(europe(), "eu-west-1c");
    expect(left.length).toBeGreaterThan(0);
    const refusal = await refusalOf("eu-west-1", zoneLess);
    for (const id of left) {
      expect(refusal).toContain(id);
    }
    expect(refusal).toContain("First take the instances out of the zone");
    await expect(europe().send(new DeleteSubnetCommand({ SubnetId: subnet }))).rejects.toThrow(
      "has dependencies and cannot be deleted",
    );

    await leaveZone(subnet);
    say("ends the instances in the zone, as Auto Scaling would");
    await europe().send(new TerminateInstancesCommand({ InstanceIds: [...left] }));
    const terraform = await changed("eu-west-1", zoneLess);
    const changes = inBrief(plannedChanges(await terraform.plan()));
    expect(changes).toContain("1 update aws_lb subnets");
    expect(changes.filter((change) => change.includes("aws_autoscaling_group"))).toEqual([]);
    zoneLess(wanted);
    await terraform.apply();

    const [balancer] = await eu().loadBalancers();
    expect(balancer?.AvailabilityZones?.map(({ ZoneName }) => ZoneName).sort()).toEqual([
      "eu-west-1a",
      "eu-west-1b",
    ]);
    expect(leftToChange(await terraform.plan())).toEqual([]);
  });

  step("what is refused is what AWS stops: with the memory replaced, the applies fail", async () => {
    const forced = async (region: string, memory: string, change: (file: WrittenFile) => unknown) =>
      (await changed(region, change)).apply(`-replace=terraform_data.deployed-${memory}`);
    say("waits for another load balancer, for which the provider takes a minute");
    await expect(forced("us-east-1", "scheme", internal)).rejects.toThrow("TargetGroupAssociationLimit: The");
    await expect(forced("eu-west-1", "network", otherBlock)).rejects.toThrow(
      "Resource.AlreadyAssociated: Elastic IP address",
    );
    // The scheme is remembered from the apply that failed.
    await expect(
      forced("us-east-1", "zone-naming", (file) => [internal(file), byName(file)]),
    ).rejects.toThrow("InvalidSubnet.Conflict: The");
  });
});

/** The buckets of the load balancer's logs. */
async function logBuckets(eyes: Eyes): Promise<readonly string[]> {
  const [balancer] = await eyes.loadBalancers();
  const attributes = await eyes.loadBalancerAttributes(balancer?.LoadBalancerArn);
  return [String(attributes["access_logs.s3.bucket"])];
}

/** As Auto Scaling does. Returns the subnet. */
async function startInstanceIn(ec2: EC2Client, zone: string): Promise<string | undefined> {
  const Filters = [{ Name: "tag:Name", Values: [`moves-${zone}-private`] }];
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
  const SubnetId = Subnets[0]?.SubnetId;
  await ec2.send(
    new RunInstancesCommand({
      ImageId: "ami-0123456789abcdef0",
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      Placement: { AvailabilityZone: zone },
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "deployment", Value: "moves" }] }],
    }),
  );
  return SubnetId;
}

/** Ids of the instances in a zone. */
async function instancesIn(ec2: EC2Client, zone: string): Promise<readonly string[]> {
  const Filters = [
    { Name: "availability-zone", Values: [zone] },
    { Name: "instance-state-name", Values: ["pending", "running"] },
  ];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) => Instances).map(({ InstanceId = "" }) => InstanceId);
}
