import type { ModelFile } from "../schema/model";
import type { ServerProbe } from "../servers/preset";
import { presetOf } from "../servers/presets";

/** The request that an instance must answer before it enters service, in addition to the health check. */
export interface Probe extends ServerProbe {
  /** TCP port on the instance. */
  readonly port: number;
  /** Environment variable of the server. Its value, if it is set, is the bearer token of the request. */
  readonly bearer?: string;
}

/**
 * The probe of a model: as written, or else that of its server's preset. Undefined with `probe: health`, when the preset
 * has no probe, and for gRPC, which does not answer plain HTTP requests. The health check alone then decides.
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
