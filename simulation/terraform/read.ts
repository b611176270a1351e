import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Json, listOf, resourcesOf } from "../../testing/terraform/json";
import type { DeploymentModel, RegionModel } from "../model";
import { readComposites } from "./composites";
import { readEndpointGroups, readHealthChecks, readRecords } from "./global";
import { readGroups } from "./groups";
import { readLoadBalancers, readTargetGroups } from "./load-balancers";
import { readAlarms } from "./metrics";
import { Reading, type Reported, text } from "./reading";
import { Resolver, type Stacks } from "./resolve";
import { Zones } from "./zones";

/** Resources that decide about requests, and that the simulation does not have. */
const NOT_SIMULATED: Readonly<Record<string, string>> = {
  aws_globalaccelerator_accelerator: "is a Global Accelerator, which is not simulated",
  aws_wafv2_web_acl_association:
    "puts a web ACL before the load balancer, which lets every request through here",
  aws_lb_target_group_attachment: "registers a target by hand, which is left out: instances come from groups",
  aws_autoscaling_traffic_source_attachment: "attaches a group, which is not simulated",
  aws_lb_trust_store: "checks the certificates of clients, which is not simulated",
};

/**
 * Reads what `npm run synth` has written, or `cdktf synth` of other constructs: the JSON of every stack.
 *
 * @param outdir the folder, `cdktf.out`
 */
export function readStacks(outdir: string): Stacks {
  const folder = path.join(outdir, "stacks");
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return Object.fromEntries(
    names
      .map((name) => [name, path.join(folder, name, "cdk.tf.json")] as const)
      .filter(([, file]) => existsSync(file))
      .map(([name, file]) => [name, JSON.parse(readFileSync(file, "utf8"))]),
  );
}

/**
 * What the stacks of a deployment mean for requests. What is not simulated is said by name.
 *
 * @param reported metrics of the servers that run it; default: there are none
 */
export function readDeployment(stacks: Stacks, reported: Reported = () => []): DeploymentModel {
  const resolver = new Resolver(stacks);
  const notes = new Set<string>();
  const readings = Object.keys(stacks).map((stack) => new Reading(stack, stacks, resolver, notes, reported));
  const regionOf = (stack: string) => regionOfStack(stacks[stack], stack);
  const regions = readings.flatMap((reading) => {
    noteTypes(reading);
    return hasLoadBalancer(stacks[reading.stack]) ? [readRegion(reading, regionOf(reading.stack))] : [];
  });
  return {
    regions,
    healthChecks: readings.flatMap(readHealthChecks),
    records: readings.flatMap((reading) => readRecords(reading, regionOf)),
    endpointGroups: readings.flatMap(readEndpointGroups),
    notSimulated: [...notes].sort(),
  };
}

function readRegion(reading: Reading, name: string): RegionModel {
  const zones = new Zones(reading, name);
  // Zones are named in the order of the load balancers' subnets.
  const loadBalancers = readLoadBalancers(reading, zones);
  const groups = readGroups(reading, zones);
  const alarms = readAlarms(reading, groups);
  for (const { address } of groups.flatMap(({ alarmedPolicies }) => alarmedPolicies)) {
    if (!alarms.some(({ actions }) => Object.values(actions).flat().includes(address))) {
      reading.note({ address }, "is invoked by no alarm that is simulated, and does nothing here");
    }
  }
  return {
    name,
    loadBalancers,
    targetGroups: readTargetGroups(reading),
    groups,
    alarms,
    composites: readComposites(reading, alarms),
  };
}

function noteTypes(reading: Reading): void {
  for (const [type, sentence] of Object.entries(NOT_SIMULATED)) {
    for (const [name] of resourcesOf(reading.stacks[reading.stack], type)) {
      reading.note({ address: `${type}.${name}` }, sentence);
    }
  }
}

function hasLoadBalancer(stack: Json): boolean {
  return ["aws_lb", "aws_alb"].some((type) => resourcesOf(stack, type).length > 0);
}

/** The region of the provider without an alias; of a stack without one, its name. */
export function regionOfStack(stack: Json, name: string): string {
  const [provider] = listOf(stack?.provider)
    .flatMap((each) => listOf(each?.aws))
    .filter(({ alias }) => alias === undefined);
  return text(provider?.region, name);
}
