import { byName, DATA_DIRECTORY, type InstanceFacts, volumeText } from "./user-data";

/** Folder of the certificates on the instance. certificate.sh makes them. */
const CERTIFICATES = "/run/model-server";

/** The container of a server, as `model-server.sh` starts it: each option with its value, and what follows them. */
export interface DockerRun {
  readonly options: readonly (readonly string[])[];
  readonly image: string;
  readonly arguments: readonly string[];
}

/**
 * What follows `docker run` on an instance, in the order of `model-server.sh`: a test compares the two. `--memory` is not
 * in it, because only the instance knows its memory. Of secrets it has the names.
 */
export function dockerRun(facts: InstanceFacts): DockerRun {
  const { certificateDirectory, env, secrets, entrypoint, stopSignal, shmSize } = facts;
  const data = facts.dataDirectory ?? DATA_DIRECTORY;
  return {
    options: [
      ["--detach"],
      ["--name", "model-server"],
      ...((facts.gpus ?? true)
        ? [
            ["--runtime", "nvidia"],
            ["--env", "NVIDIA_VISIBLE_DEVICES=runtime.nvidia.com/gpu=all"],
          ]
        : []),
      ["--network", "host"],
      ["--restart", "on-failure:5"],
      ["--log-driver", "json-file"],
      ["--log-opt", "max-size=100m"],
      ["--log-opt", "max-file=3"],
      ["--stop-timeout", String(facts.stopTimeoutSeconds)],
      ...((facts.init ?? true) ? [["--init"]] : []),
      ["--ulimit", "memlock=-1"],
      ["--ulimit", "stack=67108864"],
      ["--ulimit", "nofile=1048576"],
      ...(facts.volumes ?? []).map((volume) => ["--volume", `${data}/${volumeText(volume)}`]),
      ...byName(facts.files ?? {}).map(([path]) => ["--volume", `${data}/files${path}:${path}:ro`]),
      ...(certificateDirectory === undefined
        ? []
        : [["--volume", `${CERTIFICATES}/tls:${certificateDirectory}:ro`]]),
      ...byName(env).map(([name, value]) => ["--env", `${name}=${value}`]),
      ...(entrypoint === undefined ? [] : [["--entrypoint", entrypoint]]),
      ...(stopSignal === undefined ? [] : [["--stop-signal", stopSignal]]),
      shmSize === undefined ? ["--ipc", "host"] : ["--shm-size", shmSize],
      ...byName(secrets).map(([name]) => ["--env", name]),
    ],
    image: facts.image,
    arguments: facts.arguments,
  };
}
