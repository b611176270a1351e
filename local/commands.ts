import type { AutoScalingGroup } from "../simulation/auto-scaling/group";
import { interrupt } from "../simulation/auto-scaling/spot";
import { tokenAskedBy } from "./load-balancer/stand-in-issuer";
import type { Machine } from "./machine";
import type { LocalRun } from "./run";
import { statusText } from "./status";

/** How many times as long a slow instance takes, unless told. */
const SLOW = 10;

/** What else a command may do. */
export interface CommandSurroundings {
  /** Synthesizes a file, and takes what comes of it. @returns what happened, in words */
  readonly deploy: (file: string) => Promise<string>;
  /** Multiplies the load; `undefined`: there is none. */
  readonly burst: ((times: number) => void) | undefined;
}

type Command = (
  run: LocalRun,
  words: readonly string[],
  around: CommandSurroundings,
) => string | Promise<string>;

/** What a command does, with its arguments as a user reads them. */
export const COMMANDS: Readonly<
  Record<string, { readonly takes: string; readonly means: string; readonly run: Command }>
> = {
  status: { takes: "", means: "what runs, and how requests ended", run: (run) => statusText(run) },
  events: {
    takes: "[number]",
    means: "what happened last",
    run: (run, [count]) => lastEvents(run, Number(count ?? 30)),
  },
  kill: {
    takes: "<instance>",
    means: "its machine dies: connections break, and new ones are refused",
    run: withMachine((run, machine, group) => {
      machine.die();
      group.machineDied(machine.instance.id);
      run.events.tell("", machine.instance.id, "killed");
      return `${machine.instance.id} is dead`;
    }),
  },
  vanish: {
    takes: "<instance>",
    means: "its machine dies without a word: nothing answers, not even with a refusal",
    run: withMachine((run, machine, group) => {
      machine.vanish();
      group.machineDied(machine.instance.id);
      run.events.tell("", machine.instance.id, "vanished");
      return `${machine.instance.id} does not answer any more`;
    }),
  },
  hang: {
    takes: "<instance>",
    means: "its server takes connections, and answers nothing",
    run: withMachine((run, machine) => {
      machine.hang();
      run.events.tell("", machine.instance.id, "its server hangs");
      return `${machine.instance.id} hangs`;
    }),
  },
  slow: {
    takes: "<instance> [times]",
    means: "its server takes so many times as long",
    run: withMachine((_run, machine, _group, times) =>
      machine.slow(Number(times ?? SLOW))
        ? `${machine.instance.id} takes ${times ?? SLOW} times as long`
        : "a server that was started by a command cannot be made slow",
    ),
  },
  spot: {
    takes: "<instance>",
    means: "EC2 takes a Spot instance back, in two minutes",
    run: withMachine((_run, machine, group) =>
      interrupt(group, machine.instance.id, (_id, seconds) => machine.noticed(group, seconds))
        ? `${machine.instance.id} has a Spot notice`
        : `${machine.instance.id} is no Spot instance in service`,
    ),
  },
  cut: {
    takes: "<zone or region>",
    means: "nothing outside reaches it any more",
    run: (run, [place = ""]) => cut(run, place),
  },
  heal: {
    takes: "",
    means: "what was cut off is reached again, and EC2 has instances again",
    run: (run) => {
      run.network.heal();
      run.wires();
      run.events.tell("", "network", "healed");
      return "everything is reached again";
    },
  },
  shift: {
    takes: "<zone> | back",
    means: "a zonal shift leads clients away from a zone",
    run: (run, [zone = ""]) => shift(run, zone),
  },
  "no-launches": {
    takes: "",
    means: "EC2 has no instances to give, until heal",
    run: (run) => {
      run.network.launches = false;
      run.events.tell("", "EC2", "has no capacity");
      return "EC2 has no instances to give";
    },
  },
  burst: {
    takes: "<times>",
    means: "so many times the load, such as 5x; 1x ends it",
    run: (_run, [times = ""], { burst }) => {
      const count = Number.parseFloat(times);
      if (burst === undefined || !(count > 0)) {
        return burst === undefined ? "there is no load: start with --load 50/s" : "how many times? burst 5x";
      }
      burst(count);
      return `${count} times the load`;
    },
  },
  token: {
    takes: "<model>",
    means: "a token that the rules of a model let through, for an hour",
    run: (run, [model = ""]) => {
      const asked = tokenAskedBy(run.deployment.model, model);
      return asked === undefined ? `no rule asks for a token before "${model}"` : run.issuer.token(asked);
    },
  },
  deploy: {
    takes: "<file.yaml>",
    means: "rolls out another serving.yaml",
    run: (_run, [file = ""], { deploy }) => (file === "" ? "which file? deploy other.yaml" : deploy(file)),
  },
};

/** Does a command of words. What is no command is answered with those that there are. */
export async function command(
  run: LocalRun,
  [name = "", ...words]: readonly string[],
  around: CommandSurroundings,
): Promise<string> {
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return found === undefined
    ? `there is no command ${name}\n${commandList()}`
    : run.driver.do(() => found.run(run, words, around));
}

/** All commands, one a line. */
export function commandList(): string {
  return Object.entries(COMMANDS)
    .map(([name, { takes, means }]) => `  ${`${name} ${takes}`.padEnd(26)}${means}`)
    .join("\n");
}

/** Finds the instance that the first word names. */
function withMachine(
  act: (run: LocalRun, machine: Machine, group: AutoScalingGroup, ...words: readonly string[]) => string,
): Command {
  return (run, [id = "", ...words]) => {
    const [machine, group] = [run.machines.get(id), run.groupOf(id)];
    if (machine === undefined || group === undefined) {
      const known = [...run.machines.all].map(({ instance }) => instance.id);
      return `there is no instance "${id}"; there are ${known.join(", ")}`;
    }
    return act(run, machine, group, ...words);
  };
}

function cut(run: LocalRun, place: string): string {
  const { regions } = run.deployment.model;
  const zones = regions.flatMap(({ loadBalancers }) => loadBalancers.flatMap(({ zones: each }) => each));
  if (regions.some(({ name }) => name === place)) {
    run.network.cutRegions.add(place);
  } else if (zones.includes(place)) {
    run.network.cutZones.add(place);
  } else {
    const known = [...regions.map(({ name }) => name), ...zones].join(", ");
    return `there is no zone and no region "${place}"; there are ${known}`;
  }
  run.wires();
  run.events.tell("", place, "cut off");
  return `${place} is cut off`;
}

function shift(run: LocalRun, zone: string): string {
  for (const region of run.deployment.regions.values()) {
    for (const loadBalancer of region.loadBalancers.values()) {
      if (zone === "back") {
        loadBalancer.shiftedZone = undefined;
      } else if (loadBalancer.model.zones.includes(zone)) {
        if (!loadBalancer.model.zonalShift) {
          return `${loadBalancer.model.name} takes no zonal shift: enable_zonal_shift is false`;
        }
        loadBalancer.shiftedZone = zone;
        return `${loadBalancer.model.name} leads clients away from ${zone}`;
      }
    }
  }
  return zone === "back" ? "no zone is shifted away from" : `there is no zone "${zone}"`;
}

function lastEvents({ events }: LocalRun, count: number): string {
  return events.events
    .slice(-count)
    .map(
      ({ at, region, subject, what }) =>
        `${at.toFixed(1).padStart(8)}s  ${region && `${region}  `}${subject}  ${what}`,
    )
    .join("\n");
}
