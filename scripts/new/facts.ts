import { BYTES_PER_GIB } from "../../config/units";
import { type Hub, openHub } from "../mirror/hub";
import { neededFiles } from "../mirror/needed";
import type { Answers } from "./answers";
import { IMAGES } from "./answers";

/** What is known of a model. */
export interface ModelFacts {
  /** Text of its config.json. */
  readonly config: string;
  /** Undefined: reckoned from the configuration. */
  readonly sizeGiB: number | undefined;
  /** Commit of the hub. Undefined: not known. */
  readonly revision: string | undefined;
}

/** What the hub says of a model. @throws Error that says what to do, when it does not */
export async function hubFacts(hub: Hub, { model, server, revision }: Answers): Promise<ModelFacts> {
  const source = await openHub(hub, model, revision ?? "main").catch((error: Error) => {
    // So undici calls every failure of the network.
    const said = error.message === "fetch failed" ? `${hub.endpoint} does not answer` : error.message;
    throw new Error(`${said}; or name a config.json of this machine: --config ./config.json`);
  });
  const config = source.files.find(({ path }) => path === "config.json");
  if (config === undefined) {
    throw new Error(
      `${model} has no config.json, so what it needs is not known; choose a model in the form of Transformers`,
    );
  }
  const files = neededFiles(source.files, { server, image: IMAGES[server], arguments: [] });
  return {
    config: Buffer.from(await source.read(config, 0, config.size)).toString(),
    sizeGiB: files.reduce((sum, { size }) => sum + size, 0) / BYTES_PER_GIB,
    revision: source.revision,
  };
}
