import { startAws } from "../../local/instances/aws";
import type { Surroundings, Unusual } from "../../local/instances/instance";
import { Network } from "../../local/instances/network";
import { type Template, templatesIn } from "../../local/instances/template";
import { putWeights } from "../../local/instances/weights";
import { preloaded } from "../support/preloaded";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { synthesized } from "../support/synthesis";
import { StoryInstance } from "./story-instance";

/** Where the weights of every model are. */
const WEIGHTS = "s3://example-weights/llama/";

/** Images that the registry has. */
const IMAGES = new Set(["vllm/vllm-openai:v0.28.0"]);

/** What a story does, with what it needs. */
export interface Stage extends Surroundings {
  /** The name of the group of all its instances. */
  readonly group: string;
  /** Launches an instance whose model has these settings. It is removed after the story. */
  launch(model?: Partial<WrittenFile["models"][string]>, unusual?: Unusual): Launched;
}

/** An instance, and the names of its hooks. */
export interface Launched {
  readonly instance: StoryInstance;
  readonly launchHook: string;
  readonly terminateHook: string;
}

let surroundings: Surroundings;
let stories = 0;

/** Makes what all stories share. */
export async function setTheStage(): Promise<void> {
  const image = { folder: process.env.INSTANCE_IMAGE ?? "" };
  const network = new Network(image);
  const aws = await startAws(image, IMAGES, preloaded("moto_server"));
  await putWeights({ endpoint: aws.emulator }, WEIGHTS, { "model.safetensors": "weights".repeat(100_000) });
  surroundings = { image, network, aws };
}

/** That of the only model of a deployment with one region. */
function templateOf(file: WrittenFile): Template {
  const stack = synthesized(valid(file).deployment)[Object.keys(file.regions)[0] ?? ""];
  const [template] = templatesIn(stack);
  if (template === undefined) {
    throw new Error("the file has no model");
  }
  return template;
}

/** A story with instances of its own, beside others. */
export function story(name: string, tell: (stage: Stage) => Promise<void>): void {
  test.concurrent(name, async () => {
    const instances: StoryInstance[] = [];
    stories += 1;
    const deployment = `story-${stories}`;
    const launch: Stage["launch"] = (model = {}, unusual) => {
      const models = { llama: { ...validModel(), ...model } };
      const template = templateOf({ ...validFile(), name: deployment, models });
      const instance = new StoryInstance(surroundings, template, unusual);
      instances.push(instance);
      return { ...template, instance };
    };
    const failure = await tell({ ...surroundings, group: `${deployment}.llama.main`, launch }).then(
      () => undefined,
      (error: unknown) => error,
    );
    await Promise.all(instances.map((instance) => instance.remove()));
    const denied = instances.flatMap((instance) => instance.denied);
    if (denied.length > 0) {
      throw new Error(`the role of the instance does not allow ${denied.join(", ")}`, { cause: failure });
    }
    if (failure !== undefined) {
      throw failure;
    }
  });
}
