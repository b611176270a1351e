import { fits, type GpuFit } from "../gpu/fit";
import type { ServerName } from "../servers/presets";
import { gpuCandidatesOf } from "./candidate-instances";
import { modelMemory } from "./model-memory";
import type { InstanceSettings } from "./overrides";

/** How a variant's model takes the GPUs of a type. */
export interface GpuRoom {
  readonly type: string;
  readonly fit: Extract<GpuFit, { ok: true }>;
}

/** How a variant's model takes the GPUs of each type that may run it; none where `memory` is not written. */
export function gpuRooms(settings: InstanceSettings, server: ServerName): readonly GpuRoom[] {
  const memory = modelMemory(settings, server);
  return memory === undefined
    ? []
    : settings.instanceTypes
        .flatMap((type) => gpuCandidatesOf(type, settings.instanceRequirements))
        .filter(({ vendor }) => vendor === "nvidia")
        .flatMap(({ type }) => {
          const fit = fits(memory, type);
          return fit.ok ? [{ type, fit }] : [];
        });
}
