import { dockerRun } from "../../boot/docker-run";
import { shellQuoted } from "../servers/run/shell-words";
import { instanceFacts } from "./boot-config";
import type { Region } from "./deployment";
import type { Model, Variant } from "./model";

/**
 * What follows `docker run` on the instances of a variant, as a shell reads it: each option with its value, then the
 * image, then each argument of the server with its values.
 */
export function containerCommand(region: Region, model: Model, variant: Variant): readonly string[] {
  const { options, image, arguments: written } = dockerRun(instanceFacts(region, model, variant));
  return [...options, [image], ...withValues(written)].map((words) => words.map(shellQuoted).join(" "));
}

/** Words in groups: each flag with the words that follow it. */
function withValues(words: readonly string[]): readonly (readonly string[])[] {
  const begins = words.flatMap((word, index) => (index === 0 || /^--?[A-Za-z]/.test(word) ? [index] : []));
  return begins.map((begin, index) => words.slice(begin, begins[index + 1]));
}
