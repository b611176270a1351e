import type { GpuInstance } from "../aws/gpu-instances";
import { candidatesOf } from "../candidate-instances";
import { error, type Problem } from "../problem";
import { presetOf, writtenArgument } from "../server-start";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** Types that are too small by what is known without `memory`, which is reckoned with elsewhere. */
export const checkGpuRoom: Check = (subject) =>
  variantsInRegions(subject)
    .filter(({ variant }) => variant.settings.memory === undefined)
    .flatMap((each) => [...gpuProblems(each), ...weightsProblems(each)]);

/** More GPUs asked for in the team's own arguments than a type has. */
function gpuProblems({ model, variant: { settings }, at }: VariantInRegion): readonly Problem[] {
  const { server } = model.file;
  const name = presetOf(server)?.takes.tensorParallel;
  const written = name === undefined ? undefined : writtenArgument(server, name, settings);
  const gpus = Number(written?.value);
  const small = tooSmall(settings, ({ accelerators }) => accelerators < gpus);
  return written === undefined || small === undefined
    ? []
    : [
        error(
          at("arguments", written.index),
          `${written.flag} ${written.value} asks for more GPUs than ${small.type} has, ${small.accelerators}; ask for fewer, or use larger types`,
        ),
      ];
}

/** Weights that all the GPUs of a box together do not hold, on a server that keeps them nowhere else. */
function weightsProblems({ model, variant: { settings }, at }: VariantInRegion): readonly Problem[] {
  const { server } = model.file;
  const { weightsInGpus } = presetOf(server) ?? {};
  const size = settings.weights?.size;
  if (weightsInGpus === undefined || size === undefined) {
    return [];
  }
  const { unless } = weightsInGpus;
  const small = tooSmall(settings, (instance) => memoryGiB(instance) < size);
  return small === undefined || (unless !== undefined && writtenArgument(server, unless, settings))
    ? []
    : [
        error(
          at("weights", "size"),
          `the GPUs of ${small.type} have ${memoryGiB(small)} GiB together, and the weights ${size} GiB; use larger types${unless === undefined ? "" : `, or ${unless}`}`,
        ),
      ];
}

/** Of all GPUs together, in tenths. */
const memoryGiB = ({ accelerators, acceleratorMemoryGiB }: GpuInstance) =>
  Math.floor(accelerators * acceleratorMemoryGiB * 10) / 10;

/** The first type of the list that AWS may launch and of which this is so. */
function tooSmall(
  settings: VariantInRegion["variant"]["settings"],
  isTooSmall: (instance: GpuInstance) => boolean,
): GpuInstance | undefined {
  return settings.instanceTypes
    .flatMap((type) => candidatesOf(type, settings.instanceRequirements))
    .find((instance) => instance.vendor === "nvidia" && !instance.gridDriver && isTooSmall(instance));
}
