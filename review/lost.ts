import { listed } from "../config/diagnostics/text";
import type { GroupModel, RegionModel } from "../simulation/model";
import { Resolver } from "../simulation/terraform/resolve";
import { entriesOf, type Json } from "../testing/terraform/json";
import { groupAt } from "./all-kinds";
import { hasOtherBundle, namesLostAtListeners } from "./certificates";
import type { ResourceChange, StackChange } from "./deployment";
import { INGRESS_RULE, isLetIn, portsOf } from "./ports";
import { cutOff, entrySecurityGroups, SECURITY_RULES } from "./reach";
import { actionsIn, type RegionSides, servedBy, targetsOf } from "./sides";

/** Some of the changes of a stack, and the sides of its region. */
export interface Changed {
  readonly changes: readonly ResourceChange[];
  readonly stack: StackChange;
  readonly sides: RegionSides;
  /** Where the global endpoint of the deployment leads clients, before and after, in words. */
  readonly ways: Ways;
}

/** `undefined`: there is none. */
export interface Ways {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Somebody who finds nothing any more, and why. */
export interface Loss {
  readonly who: string;
  readonly why: string;
}

/** Who finds nothing any more after some changes, whatever Terraform calls them: the gravest first. */
export function lossesBy(changed: Changed): readonly Loss[] {
  return LOSSES.flatMap(([lost, why]) => {
    const who = lost(changed);
    return who === undefined ? [] : [{ who, why }];
  });
}

const LOSSES: readonly (readonly [lost: (changed: Changed) => string | undefined, why: string])[] = [
  [regionLost, "no load balancer is left"],
  [groupsLost, "no group gives targets to what listeners lead to"],
  [cutOffLost, "no rule of a security group lets the load balancer reach them any more, or them anything"],
  [namesLost, "no record has the name any longer"],
  [certificatesLost, "no certificate of the listener is for the name any longer"],
  [acceleratorLost, "the accelerator ends, or leads nowhere"],
  [clientsLost, "no rule of a security group lets them in any longer"],
  [certificatesRefused, "the trust store has another bundle, and what is in it, only S3 knows"],
];

/** A region that is no longer behind a load balancer. */
function regionLost({ changes, sides, stack }: Changed): string | undefined {
  const isGone = changes.some(({ type, action }) => /^aws_a?lb$/.test(type) && action === "delete");
  return isGone && sides.before !== undefined && sides.after === undefined
    ? `all requests to ${stack.name}`
    : undefined;
}

/** Groups that end, or give no targets any more, while a listener still leads to these. */
function groupsLost({ changes, sides: { before, after } }: Changed): string | undefined {
  const lost = changes.flatMap(({ address, action }) => {
    const group = action === "forget" ? undefined : groupAt(before?.groups, address);
    return group !== undefined && isLeftWithout(group, after) ? [servedBy(group)] : [];
  });
  return listOrNone(lost);
}

/** Whether a listener leads to what a group of before gave targets to, and no group gives any now. */
function isLeftWithout({ targetGroups }: GroupModel, region: RegionModel | undefined): boolean {
  const given = (region?.groups ?? []).filter(({ max }) => max > 0).flatMap((group) => group.targetGroups);
  const without = targetGroups.filter((target) => !given.includes(target));
  return actionsIn(region).some((action) => targetsOf(action).some((target) => without.includes(target)));
}

/** Groups that security groups part from the load balancer, or from all that is outside. */
function cutOffLost({ changes, stack, sides }: Changed): string | undefined {
  return changes.some(({ type }) => SECURITY_RULES.has(type)) ? listOrNone(cutOff(stack, sides)) : undefined;
}

/** A whole name: those that begin with an underscore are for the deployment itself, and what only AWS knows is none yet. */
const IS_OF_CLIENTS = /^[a-z0-9*][a-z0-9.*-]+$/i;

/** Names that no record has any longer. */
function namesLost({ changes, stack }: Changed): string | undefined {
  const resolver = new Resolver({ [stack.name]: stack.after });
  const records = Object.values<Json>(stack.after.resource?.aws_route53_record ?? {});
  const still = new Set(records.map((body) => String(resolver.resolve(body, stack.name)?.name)));
  const names = changes
    .filter(({ type, action }) => type === "aws_route53_record" && action !== "create")
    .flatMap(({ before }) => (before?.name === undefined ? [] : [String(before.name)]))
    .filter((name) => !still.has(name) && IS_OF_CLIENTS.test(name));
  return clientsOf(names);
}

/** Names for which a listener has no certificate any longer. */
function certificatesLost({ changes, stack }: Changed): string | undefined {
  return changes.some(({ type }) => /^aws_(lb_listener(_certificate)?|acm_certificate)$/.test(type))
    ? clientsOf(namesLostAtListeners(stack))
    : undefined;
}

/** Accelerators that end, or lead nowhere any more. */
function acceleratorLost({ changes, stack }: Changed): string | undefined {
  const isLeading = (json: Json, type: string) => entriesOf(json.resource?.[type]).length > 0;
  const isGone = changes.some(
    ({ type, action }) =>
      type === "aws_globalaccelerator_accelerator" && (action === "delete" || action.startsWith("replace")),
  );
  const isIdle = ["aws_globalaccelerator_listener", "aws_globalaccelerator_endpoint_group"].some(
    (type) =>
      changes.some((change) => change.type === type) &&
      isLeading(stack.before, type) &&
      !isLeading(stack.after, type) &&
      isLeading(stack.after, "aws_globalaccelerator_accelerator"),
  );
  return isGone
    ? "clients with the addresses of the accelerator instead of the name"
    : isIdle
      ? "clients of the accelerator"
      : undefined;
}

/** Clients by certificate, where the authorities that are trusted may be others. */
function certificatesRefused({ changes }: Changed): string | undefined {
  return changes.some(hasOtherBundle)
    ? "clients with certificates of authorities that only the bundle of before has"
    : undefined;
}

/** Rules for Route 53's health checkers, who are no clients. */
const OF_HEALTH_CHECKS = /route53-healthchecks/;

/** Clients that security groups let in no longer. */
function clientsLost({ changes, stack }: Changed): string | undefined {
  const addresses = new Set(
    changes.filter(({ type }) => type === INGRESS_RULE).map(({ address }) => address),
  );
  const now = portsOf(stack, "after");
  const entries = entrySecurityGroups(stack.before);
  const closed = portsOf(stack, "before")
    .filter(({ group }) => entries.some((entry) => group.includes(entry)))
    .filter(({ address }) => addresses.has(address) && !OF_HEALTH_CHECKS.test(address))
    .filter((port) => !isLetIn(port, now))
    .map(({ source }) => source);
  return clientsOf(closed);
}

function clientsOf(names: readonly string[]): string | undefined {
  const all = listOrNone(names);
  return all && `clients of ${all}`;
}

function listOrNone(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : listed([...new Set(names)].sort());
}
