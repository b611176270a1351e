import type { Instance } from "../simulation/auto-scaling/instance";
import type { LocalRun } from "./run";

/** What runs, and how requests ended, for a terminal. */
export function statusText(run: LocalRun): string {
  const { deployment, driver, events, network } = run;
  const lines = [`${driver.timeline.now.toFixed(0)} s after the start, ${driver.speed} times as fast`];
  for (const region of deployment.regions.values()) {
    lines.push("", `${region.name}${network.cutRegions.has(region.name) ? "  cut off" : ""}`);
    for (const group of region.groups.values()) {
      const refresh = group.refresh?.isRunning
        ? `, refresh ${group.refresh.percentage} %${group.refresh.status === "InProgress" ? "" : " rolled back"}`
        : "";
      lines.push(`  ${group.model.name}  ${group.inService} of ${group.desired} in service${refresh}`);
      for (const instance of group.all) {
        lines.push(`    ${instanceLine(run, instance)}`);
      }
    }
    lines.push(...region.alarms.inAlarm.map((name) => `  ALARM ${name}`));
  }
  lines.push("", `requests  ${countsText(events.counts)}`);
  return lines.join("\n");
}

function instanceLine({ deployment, machines, network }: LocalRun, instance: Instance): string {
  const machine = machines.get(instance.id);
  const target = [...deployment.regions.values()]
    .flatMap((region) => [...region.targetGroups.values()].flatMap(({ targets }) => targets))
    .find((each) => each.instance === instance.id);
  const waiting = machine?.server.waiting;
  const health =
    target === undefined ? "" : target.draining ? "draining" : target.isHealthy(0) ? "healthy" : "unhealthy";
  return [
    instance.id.padEnd(6),
    instance.zone + (network.isOpen(instance.zone) ? "" : " (cut off)"),
    instance.type + (instance.spot ? " Spot" : ""),
    instance.state,
    health,
    target === undefined ? "" : `${target.sent} sent there, ${target.outstanding} running`,
    waiting ? `${waiting} waiting` : "",
  ]
    .filter((part) => part !== "")
    .join("  ");
}

/** Numbers of requests, by how they ended. */
export function countsText(counts: ReadonlyMap<string, number>): string {
  const parts = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([how, count]) => `${how}: ${count}`);
  return parts.length === 0 ? "none yet" : parts.join("; ");
}
