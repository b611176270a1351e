import { ACCESS_KEY } from "./aws";
import type { Place } from "./network";

/** Where EC2 launches an instance, and as what. */
export interface Launch {
  readonly zone: string;
  readonly region: string;
  readonly type: string;
  readonly lifeCycle: "on-demand" | "spot";
}

/** What the metadata service says of an instance. Source: EC2 user guide, "Instance metadata categories". */
export function metadataOf(
  id: string,
  { zone, region, type, lifeCycle }: Launch,
  { address, mac, subnet }: Place,
): Readonly<Record<string, string>> {
  const name = `ip-${address.replaceAll(".", "-")}.ec2.internal`;
  const expiration = new Date(Date.now() + 6 * 3_600_000).toISOString();
  const credentials = {
    ...{ Code: "Success", Type: "AWS-HMAC", LastUpdated: new Date().toISOString(), Expiration: expiration },
    ...{ AccessKeyId: ACCESS_KEY, SecretAccessKey: "secret", Token: "token" },
  };
  const network = `network/interfaces/macs/${mac}`;
  return {
    "ami-id": "ami-0123456789abcdef0",
    "instance-id": id,
    "instance-type": type,
    "instance-life-cycle": lifeCycle,
    hostname: name,
    "local-hostname": name,
    "local-ipv4": address,
    mac,
    "placement/availability-zone": zone,
    "placement/region": region,
    "services/domain": "amazonaws.com",
    "services/partition": "aws",
    "iam/security-credentials/instances": JSON.stringify(credentials),
    [`${network}/device-number`]: "0",
    [`${network}/interface-id`]: "eni-0123456789abcdef0",
    [`${network}/local-hostname`]: name,
    [`${network}/local-ipv4s`]: address,
    [`${network}/mac`]: mac,
    [`${network}/subnet-id`]: "subnet-0123456789abcdef0",
    [`${network}/subnet-ipv4-cidr-block`]: subnet,
    [`${network}/vpc-id`]: "vpc-0123456789abcdef0",
  };
}

/** Its identity document. */
export function identityOf(instanceId: string, { zone, region, type }: Launch, { address }: Place): string {
  return JSON.stringify({
    ...{
      accountId: "123456789012",
      architecture: "x86_64",
      availabilityZone: zone,
      imageId: "ami-0123456789abcdef0",
    },
    ...{ instanceId, instanceType: type, privateIp: address, region, version: "2017-09-30" },
    pendingTime: new Date().toISOString(),
  });
}
