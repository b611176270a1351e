import type { Model } from "../config/deployment";
import { modelRoutes } from "../config/listener-rules";

/**
 * What to put behind the endpoint to reach a model: the fixed beginning of its first path in the file, e.g. `/llama/`
 * of `/llama/*`. Nothing, when it is reached by other means.
 */
export function modelPath({ name, file }: Model, defaultModel: string | undefined): string {
  const paths = modelRoutes([[name, file]], defaultModel).flatMap(({ route }) => route.path ?? []);
  return paths[0]?.replace(/[*?].*$/, "") ?? "";
}
