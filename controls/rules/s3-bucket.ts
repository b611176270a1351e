import type { Part } from "../part";
import { includes, type Statement, statementsOf } from "../policy";
import type { Rule } from "../rule";
import type { World } from "../world";

export const BUCKET = "aws_s3_bucket";

/** Kinds that a bucket has as a text, and kinds that it has by another name. */
const TEXTS = ["acl", "policy"];
const OLD_NAMES: Readonly<Record<string, string>> = { lifecycle_configuration: "lifecycle_rule" };

/**
 * The settings of a bucket of one kind, `versioning`: resources of their own, `aws_s3_bucket_versioning`, or blocks of the
 * bucket, as older versions of the provider have them.
 */
export function settings(bucket: Part, kind: string, world: World): readonly Part[] {
  const name = OLD_NAMES[kind] ?? kind;
  const inline =
    !bucket.has(name) && !(kind === "acl" && bucket.has("grant"))
      ? []
      : TEXTS.includes(kind)
        ? [bucket]
        : bucket.blocks(name);
  return [...inline, ...world.pointing(bucket, "bucket", `${BUCKET}_${kind}`)];
}

/** A rule about the settings of one kind: of each bucket, and of settings whose bucket is not in the same stack. */
export function ofSettings(
  kind: string,
  holds: (settings: readonly Part[], world: World) => boolean | string | undefined,
): Pick<Rule, "types" | "holds"> {
  return {
    types: [BUCKET, `${BUCKET}_${kind}`],
    holds: (part, world) => {
      if (part.type === BUCKET) {
        return holds(settings(part, kind, world), world);
      }
      const isJudgedThere = world.beside(part, BUCKET).some((bucket) => part.refersTo("bucket", bucket));
      return isJudgedThere ? undefined : holds([part], world);
    },
  };
}

/** What the policies of a bucket say. */
export function statements(policies: readonly Part[], world: World): readonly Statement[] {
  return policies.flatMap((each) => statementsOf(each, "policy", world));
}

/** Whether a bucket is one that logs of other buckets, or of load balancers, are written to. */
export function takesLogs(bucket: Part, world: World): boolean {
  const writers = [
    "logging.s3.amazonaws.com",
    "logdelivery.elasticloadbalancing.amazonaws.com",
    "delivery.logs.amazonaws.com",
  ];
  return statements(settings(bucket, "policy", world), world).some(
    ({ allows, actions, principals }) =>
      allows &&
      actions.some((action) => includes(action, "s3:PutObject")) &&
      (principals.Service ?? []).some((service) => writers.includes(service)),
  );
}

/** The rules of a bucket about what is old, without those that are off. */
export function lifecycleRules(lifecycles: readonly Part[]): readonly Part[] {
  return lifecycles.flatMap((each) => {
    const own = each.blocks("rule").filter((rule) => rule.text("status") === "Enabled");
    // A block of the bucket is a rule by itself.
    return each.has("rule") ? own : each.has("enabled") && each.flag("enabled", false) ? [each] : [];
  });
}
