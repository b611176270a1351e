import type { ModelFile } from "../schema/model";
import type { ServerProbe } from "../servers/preset";
import { presetOf } from "../servers/presets";
import { keyVariable } from "./api-key";
import type { InstanceSettings } from "./overrides";
import { taskOf } from "./task";

/** The request that an instance must answer before it enters service, in addition to the health check. */
export interface Probe extends ServerProbe {
  /** TCP port on the instance. */
  readonly port: number;
  /** Environment variable of the server. Its value, if it is set, is the bearer token of the request. */
  readonly bearer?: string;
}

/** The probe of a variant, or why it has none, and the health check alone decides. */
export type ProbeOrNone = Probe | "health" | "unknown";

/**
 * The probe of a variant: as written, or else its server's request for the model's task. `health`: written, or no small
 * request exists for the task. `unknown`: no request is known for this server, this task or gRPC, which does not answer
 * plain HTTP requests.
 *
 * @param port the model's
 */
export function probeOf(model: ModelFile, settings: InstanceSettings, port: number): ProbeOrNone {
  const { probe, server, protocol } = model;
  if (probe === "health") {
    return probe;
  }
  if (probe !== undefined) {
    const { path, body, expect } = probe;
    return {
      ...{
        path,
        body,
        expect,
        port: probe.port ?? port,
        bearer: probe.bearer ?? keyVariable(server, settings),
      },
      source: "written in serving.yaml",
    };
  }
  const task = model.task ?? taskOf(server, settings)?.task;
  if (protocol === "grpc" || task === undefined || task === "unknown") {
    return "unknown";
  }
  const known = presetOf(server)?.tasks?.probes[task];
  return typeof known === "object"
    ? { ...known, port, bearer: keyVariable(server, settings) }
    : (known ?? "unknown");
}
