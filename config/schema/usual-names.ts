/** What to write for a name that other tools have for the same. */
interface UsualName {
  /** The names, in small letters, without hyphens and underscores. */
  readonly names: readonly string[];
  /** The field here in which its value belongs as it is; undefined where that takes another form. */
  readonly field?: string;
  /** What to write. */
  readonly instead: string;
}

/**
 * Names of Docker Compose, Kubernetes, Helm charts and published configurations, of what a model here has by another
 * name. Sources: Compose file reference, Services; Kubernetes API reference, Container.
 */
const USUAL_NAMES: readonly UsualName[] = [
  {
    names: ["environment", "envs", "envvars", "envvariables", "environmentvariables", "variables"],
    field: "env",
    instead: "write env: { NAME: value }, and what is secret as secrets: { NAME: its ARN }",
  },
  {
    names: ["envfile", "envfrom", "secretref", "secretname", "secretsfrom"],
    instead:
      "write each variable into env: { NAME: value }, and what is secret as secrets: { NAME: its ARN }",
  },
  {
    names: ["hftoken", "huggingfacetoken", "huggingfacehubtoken", "token"],
    instead: "write secrets: { HF_TOKEN: its ARN }",
  },
  {
    names: ["args", "arg", "cmd", "flags", "extraargs", "serverargs", "vllmargs", "commandargs", "params"],
    field: "arguments",
    instead: 'write arguments, a list with each word on its own, such as [--max-model-len, "8192"]',
  },
  {
    names: ["entrypoint"],
    field: "command",
    instead: "write command, a list with each word on its own, such as [vllm, serve]",
  },
  {
    names: ["dockerrun", "docker"],
    field: "run",
    instead: "write run: with the whole docker run line",
  },
  {
    names: ["container", "containerimage", "dockerimage", "imageuri", "imagename"],
    field: "image",
    instead: "write image, such as vllm/vllm-openai:v0.28.0",
  },
  {
    names: ["tag", "imagetag", "version"],
    instead: "write it as the tag of image, such as vllm/vllm-openai:v0.28.0",
  },
  {
    names: ["engine", "backend", "framework", "runtimename", "preset"],
    field: "server",
    instead: "write server, such as vllm",
  },
  {
    names: [
      "modelid",
      "modelname",
      "modelpath",
      "hfmodel",
      "hfmodelid",
      "hfrepo",
      "repo",
      "modelrepo",
      "hub",
    ],
    field: "model",
    instead: "write model, with its id on the hub, such as Qwen/Qwen3-8B",
  },
  { names: ["name", "id"], instead: "the name of a model is its key under models" },
  {
    names: ["servedmodelname"],
    instead: "write arguments: [--served-model-name, …] where the server has that argument",
  },
  {
    names: [
      "weightsuri",
      "modeluri",
      "storageuri",
      "s3uri",
      "s3",
      "s3path",
      "modeldata",
      "modeldataurl",
      "uri",
    ],
    field: "weights",
    instead: "write weights: { uri: s3://… }",
  },
  {
    names: ["lora", "loras", "loramodules", "loraadapters", "adapter"],
    field: "adapters",
    instead: "write adapters: { name: s3://… }",
  },
  {
    names: ["volumes", "volumemounts", "binds", "mount", "configs"],
    instead:
      "write mounts: { /path: {} } for what the server writes, files: { /path: file } for a configuration file, weights: { uri: s3://… } for a model; the server's own cache needs none",
  },
  {
    names: ["disk", "disksize", "storage", "storagesize", "volumesize", "rootvolume", "ebs"],
    instead: "write volume: { size: 200GiB }",
  },
  {
    names: ["ports", "containerport", "serverport", "httpport", "expose", "listen"],
    instead: "write port, the one at which the server listens, as a number",
  },
  {
    names: ["gpus", "gpu", "gputype", "accelerator", "accelerators", "devices", "resources", "deploy"],
    instead:
      "write instanceTypes, such as [g6.2xlarge]: the server gets all GPUs of its instance, and memory: { tensorParallel: 2 } divides the model among them",
  },
  {
    names: ["gpucount", "numgpus", "tp", "tensorparallelsize", "tensorparallel"],
    instead: "write memory: { tensorParallel: 2 }, and instanceTypes that have so many GPUs",
  },
  {
    names: ["instance", "instancetype", "machinetype", "nodetype", "instances"],
    field: "instanceTypes",
    instead: "write instanceTypes, a list such as [g6.2xlarge, g5.2xlarge]",
  },
  {
    names: ["replicas", "replicacount", "minreplicas", "maxreplicas", "autoscaling", "desired", "count"],
    instead: "write capacity: { min: 3, max: 6 }",
  },
  {
    names: ["maxmodellen", "contextlength", "contextsize", "maxseqlen", "maxcontext"],
    instead: "write memory: { contextLength: 8192 }, or the server's own argument into arguments",
  },
  {
    names: ["gpumemoryutilization"],
    instead: "write memory: { utilization: 0.9 }, or the server's own argument into arguments",
  },
  {
    names: ["quantization", "dtype", "trustremotecode", "toolcallparser", "reasoningparser"],
    instead: "write the server's own argument for it into arguments",
  },
  { names: ["shmsize", "shm"], field: "sharedMemory", instead: "write sharedMemory, such as 16GiB" },
  {
    names: [
      "healthcheck",
      "healthcheckpath",
      "healthpath",
      "readinessprobe",
      "livenessprobe",
      "startupprobe",
    ],
    instead: "write health: { path: /health }, and probe for a request that the model answers",
  },
  {
    names: ["startupperiod", "startperiod", "startuptimeout", "loadtimeout", "coldstart"],
    field: "loadTime",
    instead: "write loadTime, such as 6m",
  },
  {
    names: ["timeout", "requesttimeout", "stopgraceperiod", "terminationgraceperiodseconds"],
    field: "longestRequest",
    instead: "write longestRequest, such as 5m, from which the time to finish follows",
  },
  {
    names: ["route", "hostname", "hosts", "pathprefix", "ingress", "endpoint"],
    instead: "write routes, such as [{ prefix: /llama }]",
  },
  {
    names: [
      ...["restart", "containername", "ipc", "ulimits", "network", "networks", "networkmode", "runtime"],
      ...["dependson", "labels", "logging", "pull", "pullpolicy", "imagepullpolicy", "detach", "tty", "rm"],
    ],
    instead: "leave it out: instances start every container alike, with all GPUs and their own network",
  },
  {
    names: ["privileged", "user", "workingdir", "capadd", "securitycontext", "securityopt", "extrahosts"],
    instead: "leave it out, or build what the server needs into the image",
  },
];

/**
 * What another tool's name for a field of a model means here.
 *
 * @param fields that the mapping takes in which it stands
 */
export function usualName(key: string, fields: readonly string[]): UsualName | undefined {
  const plain = key.toLowerCase().replaceAll(/[-_]/g, "");
  return fields.includes("instanceTypes") && !fields.includes(key)
    ? USUAL_NAMES.find(({ names }) => names.includes(plain))
    : undefined;
}
