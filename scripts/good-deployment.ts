import { type ErrorCode, renderDiagnostics } from "../config/diagnostics/diagnostic";
import { type Loaded, loadDeployment } from "../config/load";

/** The file that commands are about. */
export const servingFile = process.env.SERVING_CONFIG || "serving.yaml";

/**
 * The deployment of a file.
 *
 * @param mended errors that the command is there to mend, which then count as warnings
 * @throws Error with what is found, when it is refused
 */
export function goodDeployment(
  file: string,
  mended: readonly ErrorCode[] = [],
): Extract<Loaded, { readonly ok: true }> {
  const loaded = loadDeployment(file);
  if (loaded.ok) {
    return loaded;
  }
  const { diagnostics, source, draft } = loaded;
  const isMended = diagnostics.every(
    ({ severity, code }) => severity === "warning" || mended.some((each) => each === code),
  );
  if (draft === undefined || !isMended) {
    throw new Error(renderDiagnostics(diagnostics, source));
  }
  return { ok: true, ...draft, warnings: diagnostics, source };
}
