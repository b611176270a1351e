import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { aboveLimits, rowOf, type Usage } from "./figures";
import { benchLocal } from "./local/report";
import { memoryReport } from "./memory/report";
import { installPeers, peerSubjects } from "./peers";
import { cloneAt, type Revision, revisionIn } from "./revision";
import { FLOOR, ownSubjects, type Subject, SYNTH, usageAt } from "./subjects";

const root = path.resolve(__dirname, "..");

/** A subject at a revision. */
interface Measured {
  readonly subject: Subject;
  readonly revision: Revision;
  /** One of each round. */
  readonly usages: Usage[];
  /** Why it is not measured. */
  failure?: string;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      against: { type: "string" },
      peers: { type: "boolean", default: false },
      only: { type: "string", default: "" },
      rounds: { type: "string", default: "5" },
      soak: { type: "string", default: "60" },
    },
  });
  const [rounds, soak] = [atLeastOne("rounds", values.rounds), atLeastOne("soak", values.soak)];
  switch (positionals.join(" ")) {
    case "":
      break;
    case "memory":
      process.stdout.write(`${memoryReport().join("\n")}\n`);
      return;
    case "local":
      await benchLocal(root, temporaryFolder(), { rounds, soak });
      return;
    default:
      throw new Error(
        `bench measures all, with the word memory the model of GPU memory, with the word local the load balancer of npm run local; got ${positionals.join(" ")}`,
      );
  }
  const folder = temporaryFolder();
  const now = revisionIn(root, path.join(folder, "now-temporary"));
  const revisions = [now];
  if (values.against !== undefined) {
    const clone = path.join(folder, "before");
    cloneAt(values.against, root, clone);
    revisions.unshift(revisionIn(clone, path.join(folder, "before-temporary")));
  }
  const all = [
    ...ownSubjects(root, folder).map((subject) => ({ subject, failure: undefined })),
    ...(values.peers ? peers(path.join(folder, "peers")) : []),
  ]
    .filter(({ subject: { name } }) => name.includes(values.only) || [FLOOR, SYNTH].includes(name))
    .flatMap(({ subject, failure }) =>
      (subject.once ? [now] : revisions).map(
        (revision): Measured => ({ subject, revision, usages: [], failure }),
      ),
    );
  await measure(all, rounds);
  report(all, now);
}

function atLeastOne(name: string, text: string): number {
  if (!(Number(text) >= 1)) {
    throw new Error(`--${name} takes a number from 1; got ${text}`);
  }
  return Number(text);
}

/** A folder that goes with the bench, also when Ctrl-C ends it. */
function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.on("SIGINT", () => process.exit(130));
  return folder;
}

/** Where the packages of the peers cannot be installed, they fail. */
function peers(folder: string): readonly Pick<Measured, "subject" | "failure">[] {
  let failure: string | undefined;
  try {
    installPeers(root, folder);
  } catch (thrown) {
    failure = String(thrown);
  }
  return peerSubjects(root, folder).map((subject) => ({ subject, failure }));
}

/** Measures all in turn, round after round. A round before them fills the caches. What fails is not tried again. */
async function measure(all: readonly Measured[], rounds: number): Promise<void> {
  for (let round = 0; round <= rounds; round += 1) {
    console.error(round === 0 ? "filling the caches" : `round ${round} of ${rounds}`);
    for (const measured of all.filter(({ failure }) => failure === undefined)) {
      try {
        const usage = await usageAt(measured.revision, measured.subject, root);
        measured.usages.push(...(round === 0 ? [] : [usage]));
      } catch (thrown) {
        measured.failure = String(thrown);
      }
    }
  }
}

/** Prints the table. The exit code is 1 where the project fails, or is above its limits; peers may fail. */
function report(all: readonly Measured[], now: Revision): void {
  const usagesOf = (name: string, isNow = true) =>
    all.find(({ subject, revision }) => subject.name === name && (revision === now) === isNow)?.usages ?? [];
  const rows = all
    .filter(({ revision, usages }) => revision === now && usages.length > 0)
    .map(({ subject: { name, limits }, usages }) => {
      const others = { before: usagesOf(name, false), floor: usagesOf(FLOOR), synth: usagesOf(SYNTH) };
      return { name, limits, row: rowOf(usages, others) };
    });
  const [columns = []] = rows.map(({ row }) => Object.keys(row)).sort((a, b) => b.length - a.length);
  console.table(Object.fromEntries(rows.map(({ name, row }) => [name, row])), columns);
  console.log(
    "Medians; CPU of all processes of a run, memory of its largest. × is a ratio of CPU, taken within rounds: to the\n" +
      `earlier revision (before), to Node that loads cdktf (floor), to "${SYNTH}" (synth).`,
  );
  for (const { subject, revision, failure } of all.filter(({ failure }) => failure !== undefined)) {
    console.log(`not measured: ${subject.name}${revision === now ? "" : ", before"}: ${failure}`);
    process.exitCode = revision === now && subject.folder === undefined ? 1 : process.exitCode;
  }
  for (const sentence of rows.flatMap(({ name, row, limits }) => aboveLimits(name, row, limits))) {
    console.log(sentence);
    process.exitCode = 1;
  }
}

main();
