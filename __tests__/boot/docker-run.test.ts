import { DATA_DIRECTORY, type InstanceFacts } from "../../boot/user-data";
import { instanceFacts } from "../../config/plan/boot-config";
import { containerCommand } from "../../config/plan/container-command";
import { type ServerName, serverPresets } from "../../config/servers/presets";
import { shellWords } from "../../config/servers/run/shell-words";
import { instancesOf } from "../support/instance";
import { CPU_IMAGES } from "../support/server-images";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { FakeInstance } from "./instance";

type Fields = Partial<WrittenFile["models"][string]>;

/** What a server has to be told beside its weights. */
const KNOWN: Readonly<Partial<Record<ServerName, Fields>>> = {
  "llama.cpp": { model: "model.gguf" },
  "ray-serve": { arguments: ["serve", "run", "app"] },
};

/** What `npm run explain` shows after `docker run`, as words, and the facts from which the instance starts its server. */
function explained(server: ServerName, fields: Fields): { words: readonly string[]; facts: InstanceFacts } {
  const model = { ...validModel(), server, image: "example/serving:1.0", ...KNOWN[server], ...fields };
  const { deployment } = valid({ ...validFile(), models: { llama: model } });
  const instances = instancesOf(deployment);
  const { words = [] } = shellWords(containerCommand(...instances).join(" ")) as {
    words?: readonly string[];
  };
  return { words, facts: instanceFacts(...instances) };
}

/** What follows `docker run` in the call of model-server.sh, less the memory, which only an instance knows. */
function started(facts: InstanceFacts): readonly string[] {
  let data = "";
  const instance = new FakeInstance((folder) => {
    data = `${folder}/data`;
    return { ...facts, dataDirectory: data };
  })
    .fake("docker", "if [[ $1 == info ]]; then echo '{\"nvidia\":{}} true'; fi")
    .fake("aws", "if [[ $1 == s3 ]]; then : >weights; fi; echo x")
    .real("mkdir")
    .real("install");
  for (const program of ["systemctl", "openssl", "chmod", "rm"]) {
    instance.fake(program);
  }
  instance.set("MEMINFO", instance.file("meminfo", "MemTotal: 16777216 kB\n"));
  const { status } = instance.run("model-server.sh", "start");
  const run = instance.calls("docker").find(([, command]) => command === "run") ?? [];
  instance.remove();
  expect(status).toBe(0);
  const memory = run.indexOf("--memory");
  return [...run.slice(2, memory), ...run.slice(memory + 2)].map((word) =>
    word.replaceAll(data, DATA_DIRECTORY),
  );
}

const secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf";
const everything: Fields = {
  env: { B: 'it\'s "$HOME"', A: "two\nlines" },
  secrets: { HF_TOKEN: secret, ANOTHER: secret },
  command: ["bash", "-c", 'exec serve "$@"', "serve"],
  arguments: ['--x={"a": 1}', "*"],
  sharedMemory: "1.5GiB",
  stopSignal: "SIGINT",
  init: false,
  mounts: { "/workspace/out": {} },
  files: { "/etc/app.yaml": { text: "a: 1" } },
};
const custom: Fields = { port: 9000, health: { path: "/" }, probe: "health" };

describe.each([...(Object.keys(serverPresets) as ServerName[]), "custom" as const])("%s", (server) => {
  const own = server === "custom" ? custom : {};

  test.each<[string, Fields]>([
    ["by its preset", {}],
    ["with every field", everything],
    [
      "by a docker run line",
      {
        image: undefined,
        arguments: undefined,
        run: "docker run --shm-size 16g -e A=1 example/serving:2.0 serve --y 'a b'",
      },
    ],
    [
      "without GPUs",
      server in CPU_IMAGES ? { image: CPU_IMAGES[server], instanceTypes: ["m7i.2xlarge"] } : {},
    ],
    ["that speaks TLS", server === "vllm" || server === "custom" ? { targetTls: true } : {}],
  ])("%s is started as npm run explain shows it", (_, fields) => {
    const { words, facts } = explained(server, { ...own, ...fields });
    expect(words).toEqual(started(facts));
  });
});
