import type { ModelFile } from "../schema/model";
import type { ServerProbe } from "../servers/preset";
import { presetOf } from "../servers/presets";

/** The request that an instance answers before it enters service, beside its health check. */
export interface Probe extends ServerProbe {
  /** TCP port on the instance. */
  readonly port: number;
  /** Variable of the server whose value, if there is one, the request carries as a bearer token. */
  readonly bearer?: string;
}

/**
 * What a model is asked before its instance enters service: what the team wrote, or else what its server is known to
 * answer. Nothing where the team says so, where a server's requests are not known, and for gRPC, which no plain HTTP
 * request reaches: there the health check is all.
 *
 * @param port the model's
 */
export function probeOf(model: ModelFile, port: number): Probe | undefined {
  const preset = presetOf(model.server);
  const { probe } = model;
  if (probe === "health") {
    return undefined;
  }
  if (probe !== undefined) {
    const { path, body, expect } = probe;
    return {
      ...{ path, body, expect, port: probe.port ?? port, bearer: probe.bearer ?? preset?.apiKey },
      source: "written in serving.yaml",
    };
  }
  return model.protocol === "grpc" || preset?.probe === undefined
    ? undefined
    : { ...preset.probe, port, bearer: preset.apiKey };
}
