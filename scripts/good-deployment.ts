import { renderDiagnostics } from "../config/diagnostics/diagnostic";
import { type Loaded, loadDeployment } from "../config/load";

/** The file that commands are about. */
export const servingFile = process.env.SERVING_CONFIG || "serving.yaml";

/** The deployment of a file. @throws Error with what is found, when it is refused */
export function goodDeployment(file: string): Extract<Loaded, { readonly ok: true }> {
  const loaded = loadDeployment(file);
  if (!loaded.ok) {
    throw new Error(renderDiagnostics(loaded.diagnostics, loaded.source));
  }
  return loaded;
}
