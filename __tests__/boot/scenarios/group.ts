import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
  SetInstanceHealthCommand,
} from "@aws-sdk/client-auto-scaling";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { InstanceFacts } from "../../../boot/user-data";
import { plainFacts } from "../facts";
import type { Aws } from "./aws";

/** An Auto Scaling group in the emulator, with the name in the facts of instances, and its target group. */
export interface Group {
  /** Ids of its instances. */
  readonly instances: readonly string[];
  /** The health status of each instance in the group. */
  health(): Promise<Readonly<Record<string, string>>>;
  setHealth(instance: string, health: "Healthy" | "Unhealthy"): Promise<void>;
  /** Instances that are registered with the target group. */
  targets(): Promise<readonly string[]>;
}

/** Makes the group of an instance, with so many instances, all of them healthy. */
export async function makeGroup(
  aws: Pick<Aws, "endpoint">,
  size: number,
  { region, autoScalingGroupName: name }: Pick<InstanceFacts, "region" | "autoScalingGroupName"> = plainFacts,
): Promise<Group> {
  const options = {
    region,
    endpoint: aws.endpoint,
    credentials: { accessKeyId: "team", secretAccessKey: "team" },
  };
  const scaling = new AutoScalingClient(options);
  const balancing = new ElasticLoadBalancingV2Client(options);
  const { Vpcs = [] } = await new EC2Client(options).send(new DescribeVpcsCommand({}));
  const { TargetGroups = [] } = await balancing.send(
    new CreateTargetGroupCommand({
      Name: name.replaceAll(".", "-"),
      Protocol: "HTTP",
      Port: 8000,
      VpcId: Vpcs[0]?.VpcId,
    }),
  );
  const targetGroup = TargetGroups[0]?.TargetGroupArn ?? "";
  await scaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: name,
      ImageId: "ami-12345678",
      InstanceType: "g6.xlarge",
    }),
  );
  await scaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchConfigurationName: name,
      AvailabilityZones: [`${region}a`],
      MinSize: size,
      MaxSize: size,
      TargetGroupARNs: [targetGroup],
    }),
  );
  const instances = async () => {
    const { AutoScalingGroups = [] } = await scaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
    );
    return AutoScalingGroups[0]?.Instances ?? [];
  };
  return {
    instances: (await instances()).map(({ InstanceId }) => InstanceId ?? ""),
    health: async () =>
      Object.fromEntries(
        (await instances()).map(({ InstanceId = "", HealthStatus = "" }) => [InstanceId, HealthStatus]),
      ),
    setHealth: async (InstanceId, HealthStatus) => {
      await scaling.send(
        new SetInstanceHealthCommand({ InstanceId, HealthStatus, ShouldRespectGracePeriod: false }),
      );
    },
    targets: async () => {
      const { TargetHealthDescriptions = [] } = await balancing.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }),
      );
      return TargetHealthDescriptions.map(({ Target }) => Target?.Id ?? "");
    },
  };
}
