import { type DockerRun, readDockerRun } from "../../../../config/servers/run/docker-run";

function read(line: string): DockerRun {
  const { run, problem } = readDockerRun(line);
  if (run === undefined) {
    throw new Error(problem);
  }
  return run;
}

/** The line of vLLM's documentation, "Using Docker". */
const VLLM = `docker run --runtime nvidia --gpus all \\
    -v ~/.cache/huggingface:/root/.cache/huggingface \\
    --env "HF_TOKEN=$HF_TOKEN" \\
    -p 8000:8000 \\
    --ipc=host \\
    vllm/vllm-openai:v0.28.0 \\
    --model mistralai/Mistral-7B-v0.1`;

test("vLLM's own line is read whole", () => {
  expect(read(VLLM)).toEqual({
    image: "vllm/vllm-openai:v0.28.0",
    arguments: ["--model", "mistralai/Mistral-7B-v0.1"],
    env: {},
    command: [],
    sharedMemory: undefined,
    stopSignal: undefined,
    taken: ["HF_TOKEN"],
    published: [8000],
    mounts: ["/root/.cache/huggingface"],
    envFiles: 0,
    gpus: undefined,
    lost: [],
  });
});

test.each([
  "docker run -d -it --rm --name a --restart always --init --pull always --network host --net=host i",
  "docker run --ulimit memlock=-1 --ulimit stack=67108864 --ulimit nofile=65536:65536 --ipc=host i",
  "docker run --log-driver none --label a=b -dit --runtime=nvidia --gpus=all --gpus 'all' i",
  "docker run -e NVIDIA_VISIBLE_DEVICES=all --stop-timeout 10 --platform linux/amd64 --rm=false i",
  "sudo docker run i",
  "sudo -E docker run i",
  "nvidia-docker run i",
  "podman run --device nvidia.com/gpu=all i",
  "sudo nerdctl run -it --rm --gpus all i",
  "/usr/bin/docker container run i",
  "$ docker run i",
  "docker run -- i",
])("what the instance decides, and other ways to call Docker, are left out: %s", (line) => {
  expect(read(line)).toEqual({ ...read("docker run i"), image: "i" });
  expect(read(line).lost).toEqual([]);
});

test.each([
  ["-e A=1 --env B='x y' -eC=3 --env=D=", { env: { A: "1", B: "x y", C: "3", D: "" } }],
  ["-e A -e B=$OTHER -e C=a$D", { taken: ["A", "B", "C"], env: {} }],
  ["-p 80:8000 -p 127.0.0.1:1:8001/tcp -p8002", { published: [8000, 8001, 8002] }],
  [
    "-v a:/a -v /b --mount type=bind,source=/x,target=/c,readonly -v $HOME/d:/d:ro",
    { mounts: ["/a", "/b", "/d", "/c"] },
  ],
  ["--env-file a --env-file b", { envFiles: 2 }],
  ["--shm-size 16g", { sharedMemory: 16 }],
  ["--shm-size=10.24gb", { sharedMemory: 10.24 }],
  ["--shm-size 1073741824", { sharedMemory: 1 }],
  ["--shm-size 512m", { sharedMemory: 0.5 }],
  ["--shm-size 16g --ipc=host", { sharedMemory: undefined, lost: [] }],
  ["--stop-signal INT", { stopSignal: "SIGINT" }],
  ["--stop-signal 15", { stopSignal: "SIGTERM" }],
  [`--gpus '"device=0,1"'`, { gpus: "device=0,1" }],
  ["-e NVIDIA_VISIBLE_DEVICES=0", { gpus: "0", env: {} }],
  [
    "--privileged --cap-add SYS_ADMIN --cap-add X --user 1 -w /a",
    { lost: ["--privileged", "--cap-add", "--user", "--workdir"] },
  ],
  ["--device /dev/fuse --add-host a:b --memory 1g", { lost: ["--device", "--add-host", "--memory"] }],
  [
    "--ipc private --network mine --runtime runc --ulimit core=0",
    { lost: ["--ipc", "--network", "--runtime", "--ulimit"] },
  ],
  ["--ulimit nofile=-1 --ulimit nofile=2000000", { lost: ["--ulimit"] }],
  ["--entrypoint vllm", { command: ["vllm"], arguments: ["serve", "-c", "x"] }],
  ["--entrypoint ''", { command: ["serve"], arguments: ["-c", "x"] }],
  ["--entrypoint bash", { command: ["bash", "serve", "-c", "x"], arguments: [] }],
])("docker run %s …", (options, expected) => {
  expect(read(`docker run ${options} image serve -c x`)).toMatchObject({ image: "image", ...expected });
});

test.each([
  ["docker compose up", /^is docker compose/],
  ["docker-compose up", /^is docker compose/],
  ["docker pull a", /^is another command of docker than run/],
  ["docker run a --port 1\ndocker run b --port 2", /^has another docker run line after the first/],
  ["vllm serve a", /^does not begin with docker run/],
  ["A=1 docker run a", /^begins with A=…/],
  ["docker run", /^has no image/],
  ["docker run --gpus all", /^has no image/],
  ["docker run --frobnicate a", /^has --frobnicate, which is no option of docker run$/],
  ["docker run -dz a", /^has -z, which is no option/],
  ["docker run $IMAGE", /^has \$IMAGE at or after the image/],
  ["docker run a --model $MODEL", /^has \$MODEL at or after the image/],
  ["docker run a --model ~/llama", /^has ~ at or after the image/],
  ["docker run -v a:$DIR a", /^has \$DIR in a path of the container/],
  ["docker run --shm-size lots a", /^has a --shm-size that is no size/],
  ["docker run --stop-signal KILL a", /^has a --stop-signal that is none of SIGTERM/],
  ["docker run -e 1A=x a", /^has a variable after --env whose name is malformed/],
  ["", /^does not begin with docker run/],
])("%j is refused", (line, problem) => {
  expect(readDockerRun(line).problem).toMatch(problem);
});

test("no sentence repeats a value, which may be a secret", () => {
  const secret = "hf_abcdefghijklmnopqrstuvwxyz";
  for (const line of [
    `docker run -e 1A=${secret} a`,
    `docker run -e "A B=${secret}" a`,
    `docker run -e A=${secret} $B`,
    `docker run -e A=${secret} --x`,
    `docker run -e A=${secret} 'a`,
    `A=${secret} docker run a`,
    `docker run -e A=${secret}`,
  ]) {
    expect(readDockerRun(line).problem).not.toContain(secret);
  }
});
