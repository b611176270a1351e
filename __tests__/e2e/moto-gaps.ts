import type { RecordChange } from "./hosted-zone";
import { route53Gaps } from "./route53-gaps";

/** A call of one of AWS's interfaces that take their parameters as a form, or of Route 53's, which takes XML. */
export interface Call {
  readonly action: string;
  readonly region: string;
  /** Id of what it is about, where the address says it. */
  readonly resource: string;
  /** May be changed before it is handed on. */
  body: string;
}

/** What is answered in the place of AWS. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Something moto 5.2 does otherwise than AWS, and what makes up for it. */
export interface Gap {
  /** Actions it is about. */
  readonly actions: readonly string[];
  /** Looks at a call before moto gets it, and may change it. Returns an answer if moto is not to be asked at all. */
  readonly asked?: (call: Call) => Answer | undefined;
  /** Returns what is to be answered in the place of what moto did. */
  readonly answered?: (call: Call, answer: string) => string;
}

/** Whoever wants to know what moto is not asked, or does not keep. */
export interface Listeners {
  /** Hears the name of each group whose instances are to be replaced. */
  readonly refreshed: (group: string) => void;
  /** Hears each change of a hosted zone. */
  readonly recordChanged: (change: RecordChange) => void;
}

export function motoGaps({ refreshed, recordChanged }: Listeners): readonly Gap[] {
  return [
    noInstanceRefreshes(refreshed),
    erasedPolicies(),
    templatesOwnTags(),
    templatesNewTags(),
    ...route53Gaps(recordChanged),
  ];
}

/** It has no instance refreshes. Here they are noted, and said to have begun. */
function noInstanceRefreshes(refreshed: (group: string) => void): Gap {
  return {
    actions: ["StartInstanceRefresh"],
    asked: ({ body }) => {
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
    asked: (call) => {
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
    answered: (_, answer) => answer.replace(own, ""),
  };
}

/**
 * A launch template keeps the tags it was made with: other ones are listed by DescribeTags only, so that every plan
 * would set them again and make another version. Here what was set last is told.
 */
function templatesNewTags(): Gap {
  const set = new Map<string, string>();
  return {
    actions: ["CreateTags", "DescribeLaunchTemplates"],
    asked: ({ action, body }) => {
      const form = new URLSearchParams(body);
      for (const [name, key] of action === "CreateTags" ? form : []) {
        const [, place] = /^Tag\.(\d+)\.Key$/.exec(name) ?? [];
        if (place !== undefined) {
          set.set(`${form.get("ResourceId.1")} ${key}`, form.get(`Tag.${place}.Value`) ?? "");
        }
      }
      return undefined;
    },
    answered: (_, answer) =>
      answer.replace(/<launchTemplateId>(.*?)<\/launchTemplateId>.*?<\/tagSet>/gs, (template, id) =>
        template.replace(
          /<key>(.*?)<\/key><value>(.*?)<\/value>/gs,
          (_tag: string, key: string, value: string) =>
            `<key>${key}</key><value>${set.get(`${id} ${key}`) ?? value}</value>`,
        ),
      ),
  };
}
