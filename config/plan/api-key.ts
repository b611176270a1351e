import { presetOf, type ServerName } from "../servers/presets";
import type { InstanceSettings } from "./overrides";

/** Variable of a server that takes its key as an argument: its command reads it from there. */
const KEY_OF_COMMAND = "SERVER_API_KEY";

/**
 * The variable from which a server, or its command, reads the API key that it asks of its callers. Undefined for one that
 * takes none.
 */
export function keyVariable(
  server: ServerName,
  { apiKey }: Pick<InstanceSettings, "apiKey">,
): string | undefined {
  const taken = presetOf(server)?.apiKey;
  if (taken?.by === "env") {
    return taken.name;
  }
  return taken?.by === "argument" && apiKey !== undefined ? KEY_OF_COMMAND : undefined;
}

/** The secrets of a variant's server, by the variable that gets each: those in the file, and its API key. */
export function serverSecrets(
  server: ServerName,
  settings: Pick<InstanceSettings, "secrets" | "apiKey">,
): Readonly<Record<string, string>> {
  const { secrets, apiKey } = settings;
  const variable = keyVariable(server, settings);
  return apiKey === undefined || variable === undefined ? secrets : { ...secrets, [variable]: apiKey };
}

/** Keys that libraries in a server use towards others: for downloads, tracing and tools. */
export const OF_OTHERS =
  /^(NGC|NGC_CLI|NVIDIA|HF|HUGGINGFACE|MODELSCOPE|WANDB|COMET|NEPTUNE|MLFLOW|DD|NEW_RELIC|HONEYCOMB|SENTRY|LANGCHAIN|LANGSMITH|LANGFUSE|EXA|TAVILY|SERPER|BRAVE|RUNAI)_API_KEY$/;

/** Keys by which a gateway calls the models of a provider. */
const OF_PROVIDERS = /^(OPENAI|AZURE|AZURE_OPENAI|ANTHROPIC|COHERE|GEMINI|GOOGLE|GROQ|MISTRAL)_API_KEY$/;

/**
 * Secrets of a `custom` server by whose names it may ask its callers for a key, as the gateway LiteLLM does by
 * `LITELLM_MASTER_KEY`. What such a server reads is not known, so this is a guess.
 */
export function likelyKeys(secrets: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(secrets)
    .filter((name) => /(^|_)(API|MASTER|AUTH)_?(KEY|TOKEN)S?$/i.test(name))
    .filter((name) => !OF_OTHERS.test(name) && !OF_PROVIDERS.test(name))
    .sort();
}
