import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { type Arguments, readArguments } from "../local/arguments";
import { command, commandList } from "../local/commands";
import { Control, send } from "../local/control";
import { schemeOf } from "../local/endpoints";
import type { Event } from "../local/events";
import { grouped } from "../local/grouped";
import { isInside, runInside } from "../local/instances/enter";
import type { InstanceGround } from "../local/instances/ground";
import { endAsOutside, listenOutside } from "../local/instances/outside";
import { listenHere } from "../local/listen";
import { Load, type LoadTarget, steady, tallyText, traced } from "../local/load";
import { tokenAskedBy } from "../local/load-balancer/stand-in-issuer";
import { reportedMetrics } from "../local/model-server/facts";
import { DEFAULT_OPTIONS } from "../local/options";
import { LocalRun } from "../local/run";
import { countsText } from "../local/status";
import { readTrace, type Traced } from "../local/trace";
import { type ModelUrl, modelUrls } from "../local/urls";
import { readDeployment, readStacks } from "../simulation/terraform/read";
import type { Stacks } from "../simulation/terraform/resolve";
import { randomFrom } from "../simulation/time/random";
import { goodDeployment, servingFile } from "./good-deployment";

/** How often the line with the requests is renewed in a terminal, in milliseconds. */
const RENEWED = 1000;

/** Signals that end a run. */
const ENDING = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** The stacks of a file. @throws Error with what is found, when it is refused */
async function stacksOf(file: string): Promise<Stacks> {
  const { deployment } = goodDeployment(file);
  const { synthesized } = await import("./synthesized");
  return synthesized(deployment);
}

function introduction(run: LocalRun, urls: readonly ModelUrl[], notSimulated: readonly string[]): string {
  const places = run.endpoints.map(
    ({ port, region, protocol, listenerPort, names, tls }) =>
      `  ${schemeOf({ tls })}://127.0.0.1:${port}  ${region || "global endpoint"}, ${protocol} ${listenerPort}${names[0] ? `, ${names[0]}` : ""}`,
  );
  const shown = urls.filter(
    ({ stack }, _at, all) => stack === (all.some((each) => each.stack === "global") ? "global" : stack),
  );
  const { file } = run.authority.made ?? {};
  const trusting = (url: string) => (url.startsWith("https:") ? `--cacert ${file} ` : "");
  const asksForToken = ({ model }: ModelUrl) => tokenAskedBy(run.deployment.model, model) !== undefined;
  const port = run.port === DEFAULT_OPTIONS.port ? "" : ` --port ${run.port}`;
  const tokenOf = (model: string) => `npm run -s local --${port} token ${model}`;
  const showing = (url: ModelUrl) =>
    asksForToken(url) ? `-H "authorization: Bearer $(${tokenOf(url.model)})" ` : "";
  const calls = shown.map(
    (url) =>
      `  curl ${trusting(url.baseUrl)}${showing(url)}${url.baseUrl}/chat/completions -H 'content-type: application/json' -d '{"model":"${url.model}","stream":true,"messages":[{"role":"user","content":"Hello"}]}'`,
  );
  return [
    "Ports",
    ...places,
    ...(calls.length > 0 ? ["", "Requests, base_url without /chat/completions", ...calls] : []),
    ...(shown.some(asksForToken)
      ? [
          "",
          "Tokens: a stand-in signs them in place of the issuer; without one the answer is 401",
          `  ${tokenOf("<model>")}`,
        ]
      : []),
    ...(file === undefined
      ? []
      : ["", "Certificates are trusted by", `  export NODE_EXTRA_CA_CERTS=${file} SSL_CERT_FILE=${file}`]),
    ...(notSimulated.length > 0
      ? ["", "Not simulated", ...grouped(notSimulated).map((each) => `  ${each}`)]
      : []),
    "",
    "From another terminal: npm run local -- <command>",
    commandList(),
    "",
    "Ctrl-C ends.",
  ].join("\n");
}

/** Where a load asks for each model: at the global endpoint, if there is one; with a token, where one is asked for. */
function loadTargets(run: LocalRun, urls: readonly ModelUrl[]): Promise<readonly LoadTarget[]> {
  const global = urls.filter(({ stack }) => stack === "global");
  return Promise.all(
    (global.length > 0 ? global : urls).map(async ({ model, target }) => {
      const asked = tokenAskedBy(run.deployment.model, model);
      return asked === undefined ? target : { ...target, token: await run.issuer.token(asked) };
    }),
  );
}

/** @throws Error with what is found in the file */
function traceIn(file: string, targets: readonly LoadTarget[]): readonly Traced[] {
  if (!existsSync(file)) {
    throw new Error(`${file} does not exist. It is the trace of --load.`);
  }
  return readTrace(file, readFileSync(file, "utf8"), [...new Set(targets.map(({ model }) => model))]);
}

/** What instances need, which other runs do not load. */
async function newGround(): Promise<InstanceGround> {
  endAsOutside();
  const { InstanceGround } = await import("../local/instances/ground");
  return InstanceGround.make(process.env.INSTANCE_IMAGE ?? "");
}

async function begin({ options, load: wanted, stacks: folder, instances }: Arguments): Promise<void> {
  const began = Date.now();
  const stacks = folder === undefined ? await stacksOf(servingFile) : readStacks(folder);
  const model = readDeployment(stacks, reportedMetrics);
  if (model.regions.length === 0) {
    throw new Error("The stacks have no load balancer, so there is nothing to run.");
  }
  const ground = instances ? await newGround() : undefined;
  await ground?.learn(stacks, model);
  const listen = instances ? listenOutside : listenHere;
  const run = new LocalRun(model, options, { ...ground?.instead, listen });
  let load: Load | undefined;
  let stopShowing = () => {};
  const end = (status: number) => {
    stopShowing();
    if (load !== undefined) {
      console.log(tallyText(load.tally()));
    }
    control.close();
    run.close();
    process.exit(status);
  };
  for (const signal of ENDING) {
    process.once(signal, () => end(128 + constants.signals[signal]));
  }
  const deploy = async (file: string): Promise<string> => {
    const synthesized = await stacksOf(file);
    const next = readDeployment(synthesized, reportedMetrics);
    await ground?.learn(synthesized, next);
    await run.follow(next);
    return `${file} is deployed; npm run local -- events shows how it rolls out`;
  };
  const control = new Control((words) =>
    command(run, words, { deploy, burst: load && ((times) => load?.burst(times)) }),
  );
  await control.listen(options.port, listen).catch((error: NodeJS.ErrnoException) => {
    run.close();
    throw error.code === "EADDRINUSE"
      ? new Error(
          `Port ${options.port} is in use. Is another run there? npm run local -- status; or choose one: --port ${options.port + 100}`,
        )
      : error;
  });
  if (ground !== undefined) {
    // It takes a while until they serve.
    stopShowing = show(run, run.events.events);
  }
  await run.start();
  const urls = modelUrls(stacks, run.endpoints, run.authority.made?.certificate);
  console.log(introduction(run, urls, model.notSimulated));
  console.log(
    `Started in ${((Date.now() - began) / 1000).toFixed(1)} s, ${options.speed} times as fast as AWS.\n`,
  );
  if (wanted !== undefined) {
    const targets = await loadTargets(run, urls);
    const arrivals =
      typeof wanted === "number"
        ? steady(targets, wanted, randomFrom(options.seed))
        : traced(traceIn(wanted, targets), targets);
    const begun = new Load(arrivals, run.driver, run.events);
    load = begun;
    begun.begin().then(() => console.log(tallyText(begun.tally())));
  }
  if (ground === undefined) {
    stopShowing = show(run);
  }
}

/**
 * Prints what happens; in a terminal also how requests end, in a line that is renewed.
 *
 * @param before what is printed first
 */
function show(run: LocalRun, before: readonly Event[] = []): () => void {
  const clear = process.stdout.isTTY ? "\r\u001b[K" : "";
  const line = () => `${run.driver.timeline.now.toFixed(0)} s  ${countsText(run.events.counts)}`;
  const print = ({ at, region, subject, what }: Event) =>
    process.stdout.write(
      `${clear}${at.toFixed(1).padStart(8)} s  ${region && `${region}  `}${subject}  ${what}\n`,
    );
  before.forEach(print);
  const forget = run.events.listen(print);
  const timer = process.stdout.isTTY
    ? setInterval(
        () => process.stdout.write(clear + line().slice(0, (process.stdout.columns ?? 80) - 1)),
        RENEWED,
      )
    : undefined;
  return () => {
    forget();
    clearInterval(timer);
    process.stdout.write(clear);
  };
}

async function main(): Promise<void> {
  const wanted = readArguments(process.argv.slice(2));
  if (wanted.command.length === 0) {
    if (wanted.instances && !isInside()) {
      await runInside(process.argv.slice(2));
      return;
    }
    await begin(wanted);
    return;
  }
  const answer = await send(wanted.options.port, wanted.command).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ECONNREFUSED"
      ? new Error(`Nothing runs at port ${wanted.options.port}. Begin with: npm run local`)
      : error;
  });
  console.log(answer);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
