import type { RecordChange } from "./hosted-zone";
import { type Ask, strictness } from "./moto-strict";
import { route53Gaps } from "./route53-gaps";

/** A call of one of AWS's interfaces that take their parameters as a form, of Route 53's, which takes XML, or of Service Quotas', which takes JSON. */
export interface Call {
  readonly action: string;
  readonly region: string;
  /** Id of the resource, if it is in the address. */
  readonly resource: string;
  /** May be changed before it is handed on. */
  body: string;
}

/** An answer in the place of AWS's. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A difference of moto 5.2 to AWS, and its correction. */
export interface Gap {
  /** Actions that it affects. */
  readonly actions: readonly string[];
  /** Whether moto gets the next of these calls only when it has answered the one before. Default: at any time. */
  readonly inTurn?: boolean;
  /** Gets a call before moto does, and may change it. @returns an answer if moto shall not get the call */
  readonly before?: (call: Call) => Answer | undefined | Promise<Answer | undefined>;
  /** @returns the answer to send instead of moto's */
  readonly after?: (call: Call, answer: string) => string;
}

/** Callbacks for calls that moto does not get, or does not keep. */
export interface Listeners {
  /** Called with the name of each group whose instances are to be replaced. */
  readonly refreshed: (group: string) => void;
  /** Called with each change of a hosted zone. */
  readonly recordChanged: (change: RecordChange) => void;
}

export function motoGaps({ refreshed, recordChanged }: Listeners, ask: Ask): readonly Gap[] {
  return [
    noInstanceRefreshes(refreshed),
    quotasOfGpus(),
    erasedPolicies(),
    templatesOwnTags(),
    templatesNewTags(),
    statesOfIpv6Ranges(),
    instancesByZone(ask),
    ...route53Gaps(recordChanged),
    ...strictness(ask),
  ];
}

/** It has the quotas of VPCs only. Here an account may run GPUs with as many vCPUs as a large customer's. */
function quotasOfGpus(): Gap {
  return {
    actions: ["GetServiceQuota", "GetAWSDefaultServiceQuota"],
    before: ({ region, body }) => {
      const { ServiceCode, QuotaCode } = JSON.parse(body);
      const QuotaArn = `arn:aws:servicequotas:${region}:123456789012:${ServiceCode}/${QuotaCode}`;
      const Quota = { ServiceCode, QuotaArn, QuotaCode, QuotaName: QuotaCode, Value: 1_000_000 };
      return { status: 200, text: JSON.stringify({ Quota }) };
    },
  };
}

/** It has no instance refreshes. Here they are recorded, and answered as started. */
function noInstanceRefreshes(refreshed: (group: string) => void): Gap {
  return {
    actions: ["StartInstanceRefresh"],
    before: ({ body }) => {
      refreshed(new URLSearchParams(body).get("AutoScalingGroupName") ?? "");
      const text = `<StartInstanceRefreshResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">
  <StartInstanceRefreshResult><InstanceRefreshId>refresh</InstanceRefreshId></StartInstanceRefreshResult>
  <ResponseMetadata><RequestId>refresh</RequestId></ResponseMetadata>
</StartInstanceRefreshResponse>`;
      return { status: 200, text };
    },
  };
}

/**
 * An update of an Auto Scaling group that names no mixed instances policy erases the one that is there. AWS leaves
 * what is not named as it is (Auto Scaling API, UpdateAutoScalingGroup). Here the last one is named again.
 */
function erasedPolicies(): Gap {
  const policies = new Map<string, readonly (readonly [string, string])[]>();
  return {
    actions: ["CreateAutoScalingGroup", "UpdateAutoScalingGroup"],
    before: (call) => {
      const form = new URLSearchParams(call.body);
      const group = `${call.region} ${form.get("AutoScalingGroupName")}`;
      const named = [...form].filter(([key]) => key.startsWith("MixedInstancesPolicy."));
      if (named.length > 0) {
        policies.set(group, named);
      } else {
        for (const [key, value] of policies.get(group) ?? []) {
          form.append(key, value);
        }
        call.body = form.toString();
      }
      return undefined;
    },
  };
}

/**
 * It lists the tags of a new launch template among those of what it launches, so that every plan would make another
 * version of it. Here they are taken off the list.
 */
function templatesOwnTags(): Gap {
  const own = /<item><resourceType>launch-template<\/resourceType><tagSet>.*?<\/tagSet><\/item>/gs;
  return {
    actions: ["DescribeLaunchTemplateVersions"],
    after: (_, answer) => answer.replace(own, ""),
  };
}

/**
 * A launch template keeps the tags it was made with: other ones are listed by DescribeTags only, so that every plan
 * would set them again and make another version. Here the answer has the tags that were set last.
 */
function templatesNewTags(): Gap {
  const set = new Map<string, string>();
  return {
    actions: ["CreateTags", "DescribeLaunchTemplates"],
    before: ({ action, body }) => {
      const form = new URLSearchParams(body);
      for (const [name, key] of action === "CreateTags" ? form : []) {
        const [, place] = /^Tag\.(\d+)\.Key$/.exec(name) ?? [];
        if (place !== undefined) {
          set.set(`${form.get("ResourceId.1")} ${key}`, form.get(`Tag.${place}.Value`) ?? "");
        }
      }
      return undefined;
    },
    after: (_, answer) =>
      answer.replace(/<launchTemplateId>(.*?)<\/launchTemplateId>.*?<\/tagSet>/gs, (template, id) =>
        template.replace(
          /<key>(.*?)<\/key><value>(.*?)<\/value>/gs,
          (_tag: string, key: string, value: string) =>
            `<key>${key}</key><value>${set.get(`${id} ${key}`) ?? value}</value>`,
        ),
      ),
  };
}

/** It writes an object in the place of the state of a subnet's IPv6 range, so that the provider waits for a state. */
function statesOfIpv6Ranges(): Gap {
  return {
    actions: ["CreateSubnet", "DescribeSubnets", "AssociateSubnetCidrBlock"],
    after: (_, answer) =>
      answer.replace(
        /(<ipv6CidrBlockState>\s*<state>).*?(<\/state>\s*<\/ipv6CidrBlockState>)/gs,
        "$1associated$2",
      ),
  };
}

/** It finds no instance by its zone. Here it is asked for those in the zone's subnets. */
function instancesByZone(ask: Ask): Gap {
  return {
    actions: ["DescribeInstances"],
    before: async (call) => {
      const form = new URLSearchParams(call.body);
      const [filter] = [...form].find(([, value]) => value === "availability-zone") ?? [];
      if (filter === undefined) {
        return undefined;
      }
      const value = filter.replace(/Name$/, "Value.");
      const zones = [...form].filter(([key]) => key.startsWith(value));
      const subnets = await ask(call.region, "DescribeSubnets", {
        "Filter.1.Name": "availability-zone",
        ...Object.fromEntries(zones.map(([, zone], index) => [`Filter.1.Value.${index + 1}`, zone])),
      });
      for (const [key] of zones) {
        form.delete(key);
      }
      form.set(filter, "subnet-id");
      for (const [index, [, id = ""]] of [...subnets.matchAll(/<subnetId>(.*?)</g)].entries()) {
        form.set(`${value}${index + 2}`, id);
      }
      form.set(`${value}1`, "none");
      call.body = form.toString();
      return undefined;
    },
  };
}
