import type { ServerPreset } from "../../../config/servers/preset";
import { serverPresets } from "../../../config/servers/presets";
import { OPENAI_PATHS } from "../../../config/servers/public-paths";
import type { ServerFacts } from "../facts";
import type { Answer, Api, Call } from "./api";
import { llamaCpp } from "./llama-cpp";
import { ollama } from "./ollama";
import { openAi } from "./openai";
import { sglang } from "./sglang";
import { tei } from "./tei";
import { tgi } from "./tgi";
import { triton } from "./triton";

/** APIs that servers have beside that of OpenAI. */
const OWN: Readonly<Record<string, Api>> = { "llama.cpp": llamaCpp, ollama, sglang, tei, tgi, triton };

/** What a server answers to a path with `GET`; `undefined`: what any other path does. */
export function answerToGet(path: string, facts: ServerFacts): object | undefined {
  return found(OWN[facts.server]?.GET, path)?.answer(facts);
}

/** What a server answers to a path with `POST`; `undefined`: it has no such path. */
export function answerToPost(
  path: string,
  facts: ServerFacts,
  call: Omit<Call, "model">,
): Answer | undefined {
  const own = found(OWN[facts.server]?.POST, path);
  const named = own?.model ?? call.body.model;
  const model = named === undefined ? facts.model : String(named);
  return (own?.answer ?? openAiAt(path, facts.server))?.({ ...call, model });
}

/** OpenAI's API, at those paths where the server has it, or below another beginning, as a proxy may give it. */
function openAiAt(path: string, server: string): ((call: Call) => Answer) | undefined {
  const [end, answer] = Object.entries(openAi).find(([each]) => path.endsWith(each)) ?? [];
  const { POST } =
    (serverPresets as Readonly<Record<string, ServerPreset>>)[server]?.publicPaths ?? OPENAI_PATHS;
  return end !== undefined && POST.some((each) => each.endsWith(end)) ? answer : undefined;
}

/** The first entry whose path takes this one, and the model that it names. */
function found<T>(
  answers: Readonly<Record<string, T>> | undefined,
  path: string,
): { readonly answer: T; readonly model: string | undefined } | undefined {
  for (const [pattern, answer] of Object.entries(answers ?? {})) {
    const match = new RegExp(`^${pattern.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`).exec(path);
    if (match) {
      return { answer, model: match.groups?.model };
    }
  }
  return undefined;
}
