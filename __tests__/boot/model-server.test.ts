import { readFileSync, statSync } from "node:fs";
import { METRICS_TOKEN } from "../../boot/prometheus";
import type { InstanceFacts } from "../../boot/user-data";
import { FakeInstance, scriptOf } from "./instance";
import { loadBalancer, sockets } from "./sockets";

const instances: FakeInstance[] = [];
afterAll(() => {
  for (const instance of instances) {
    instance.remove();
  }
});

const DOCKER = 'if [[ $1 == info ]]; then echo \'{"nvidia":{},"runc":{}} true\'; fi';

/** An instance with Docker and the NVIDIA runtime, without a fault. */
function readyInstance(facts: ConstructorParameters<typeof FakeInstance>[0] = {}): FakeInstance {
  const instance = new FakeInstance(facts).fake("docker", DOCKER);
  for (const program of ["aws", "systemctl", "dnf", "nvidia-ctk"]) {
    instance.fake(program);
  }
  instances.push(instance);
  return instance.set(
    "MEMINFO",
    instance.file("meminfo", "MemTotal:       16777216 kB\nMemFree:  1024 kB\n"),
  );
}

function started(facts: Partial<InstanceFacts> = {}): FakeInstance {
  const instance = readyInstance(facts);
  expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
  return instance;
}

/** The server's `docker run`: its options, and the arguments after the image. */
function dockerRun(instance: FakeInstance, image = "vllm/vllm-openai:v0.28.0") {
  const run = instance.calls("docker").find(([, command]) => command === "run") ?? [];
  return { options: run.slice(2, run.indexOf(image)), args: run.slice(run.indexOf(image) + 1) };
}

const environmentOf = (instance: FakeInstance) => instance.read("environment").split("\0");
const commands = (instance: FakeInstance, program: string) =>
  instance.calls(program).map(([, ...args]) => args.join(" "));

describe("start", () => {
  const instance = started();

  it("runs the image with all GPUs on the host's network, with a limited number of restarts", () => {
    expect(dockerRun(instance).options.join(" ")).toBe(
      "--detach --name model-server --runtime nvidia --env NVIDIA_VISIBLE_DEVICES=runtime.nvidia.com/gpu=all --network host --restart on-failure:5 --memory 14155776k --log-driver json-file --log-opt max-size=100m --log-opt max-file=3 --stop-timeout 120 --init --ulimit memlock=-1 --ulimit stack=67108864 --ulimit nofile=1048576 --ipc host",
    );
  });

  it("gives the server its arguments", () => {
    expect(dockerRun(instance).args).toEqual(["--model", "/models"]);
  });

  it("first pulls the image and removes the container of an earlier boot", () => {
    expect(commands(instance, "docker").slice(1, 3)).toEqual([
      "pull --quiet vllm/vllm-openai:v0.28.0",
      "rm --force model-server",
    ]);
  });

  it("installs nothing if nothing is missing", () => {
    expect(instance.calls("dnf")).toEqual([]);
    expect(instance.calls("nvidia-ctk")).toEqual([]);
  });

  it("makes no call to AWS that it does not need", () => {
    expect(instance.calls("aws")).toEqual([]);
  });
});

it("passes arguments and variables unchanged", () => {
  const awkward = [`\${x}`, "it's", "a\nb\n", "", "$(id) *", "é😀"];
  const { args, options } = dockerRun(
    started({ arguments: awkward, env: { B: "two\nlines", A: `'\${x}"` } }),
  );
  expect(args).toEqual(awkward);
  expect(options.slice(-6)).toEqual(["--env", `A='\${x}"`, "--env", "B=two\nlines", "--ipc", "host"]);
});

it("leaves the instance 2 GiB and one thirty-second of its memory", () => {
  const instance = readyInstance();
  instance.set("MEMINFO", instance.file("meminfo", `MemTotal: ${1024 * 1024 * 1024} kB\n`));
  instance.run("model-server.sh", "start");
  const { options } = dockerRun(instance);
  expect(options[options.indexOf("--memory") + 1]).toBe(`${(1024 - 2 - 32) * 1024 * 1024}k`);
});

it("stops the server with the signal of the image or of the team", () => {
  expect(dockerRun(started({ stopSignal: "SIGINT" })).options.join(" ")).toContain("--stop-signal SIGINT");
  expect(dockerRun(started()).options).not.toContain("--stop-signal");
});

it("gives the container shared memory of its own if configured", () => {
  const options = dockerRun(started({ shmSize: "16g" })).options.join(" ");
  expect(options).toContain("--shm-size 16g");
  expect(options).not.toContain("--ipc");
});

describe("Docker", () => {
  it("is installed where it is missing, and started", () => {
    const instance = new FakeInstance().fake("systemctl").fake("aws").fake("installed-docker", DOCKER);
    instances.push(
      instance.fake("dnf", `mv '${instance.path("installed-docker")}' '${instance.path("docker")}'`),
    );
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(commands(instance, "dnf")).toEqual(["install --assumeyes docker"]);
    expect(commands(instance, "systemctl")).toEqual(["start docker"]);
    expect(commands(instance, "installed-docker").at(-1)).toMatch(/^run /);
  });

  it.each([
    ["the NVIDIA runtime", '{"runc":{}} true'],
    ["containers that outlive it", '{"nvidia":{},"runc":{}} false'],
  ])("is configured with both if it lacks %s, beside what it has", (_, info) => {
    const instance = readyInstance().fake("docker", `if [[ $1 == info ]]; then echo '${info}'; fi`);
    const settings = instance.file(
      "daemon.json",
      '{\n  "live-restore": false,\n  "runtimes": {"nvidia": {}}\n}\n',
    );
    instance.set("DOCKER_SETTINGS", settings);
    instance.run("model-server.sh", "start");
    expect(commands(instance, "nvidia-ctk")).toEqual(["runtime configure --runtime=docker"]);
    expect(JSON.parse(instance.read("daemon.json"))).toEqual({
      "live-restore": true,
      runtimes: { nvidia: {} },
    });
    expect(commands(instance, "systemctl")).toEqual(["start docker", "restart docker"]);
  });
});

describe("an instance without GPUs", () => {
  const WITHOUT_RUNTIME = "if [[ $1 == info ]]; then echo '{\"runc\":{}} true'; fi";

  it("runs the image as it is, by the runtime that Docker has", () => {
    const instance = readyInstance({ gpus: false }).fake("docker", WITHOUT_RUNTIME).hide("nvidia-ctk");
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(dockerRun(instance).options.slice(0, 7).join(" ")).toBe(
      "--detach --name model-server --network host --restart on-failure:5",
    );
    expect(dockerRun(instance).options.join(" ")).not.toMatch(/nvidia/i);
    expect(commands(instance, "systemctl")).toEqual(["start docker"]);
  });

  it.each([
    ["no file of settings", undefined, {}],
    ["an empty one", "", {}],
    ["no setting in it", "{ }\n", {}],
    ["a setting in it", '{"log-level": "warn"}', { "log-level": "warn" }],
  ])("has containers outlive Docker, where there is %s", (_, before, kept) => {
    const instance = readyInstance({ gpus: false })
      .fake("docker", "if [[ $1 == info ]]; then echo '{\"runc\":{}} false'; fi")
      .hide("nvidia-ctk")
      .real("mkdir");
    if (before !== undefined) {
      instance.file("etc/daemon.json", before);
    }
    instance.set("DOCKER_SETTINGS", instance.path("etc/daemon.json"));
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(JSON.parse(instance.read("etc/daemon.json"))).toEqual({ ...kept, "live-restore": true });
    expect(commands(instance, "systemctl")).toEqual(["start docker", "restart docker"]);
  });
});

describe("a private ECR image", () => {
  const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/vllm:v1";

  it("is signed in to in the registry's own region, with the password not among the arguments", () => {
    const instance = readyInstance({ image }).fake("aws", "echo a-password");
    instance.fake("docker", `${DOCKER}\nif [[ $1 == login ]]; then cat >'${instance.path("password")}'; fi`);
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(instance.read("password")).toBe("a-password\n");
    expect(commands(instance, "aws")).toEqual(["ecr get-login-password --region eu-central-1"]);
    expect(commands(instance, "docker")).toContain(
      "login --username AWS --password-stdin 123456789012.dkr.ecr.eu-central-1.amazonaws.com",
    );
    expect(instance.calls("docker").flat()).not.toContain("a-password");
  });

  it("is not started when signing in fails", () => {
    const refused = readyInstance({ image })
      .fake("aws", "exit 255")
      .fake("docker", `${DOCKER}\n[[ $1 != image ]]`);
    expect(refused.run("model-server.sh", "start").status).not.toBe(0);
    expect(dockerRun(refused, image).options).toEqual([]);
  });
});

describe("a registry that wants a login", () => {
  const image = "nvcr.io/nim/meta/llama-3.1-8b-instruct:2.0.1";
  const secret = "arn:aws:secretsmanager:us-west-2:123456789012:secret:ngc-AbCdEf:key::";
  const PASSWORD = "nvapi-it's a $password";
  // As strict as Docker: a password on a pipe and nowhere else, kept where DOCKER_CONFIG says; no pull without it.
  const STRICT = `${DOCKER}
config=\${DOCKER_CONFIG:-$HOME/.docker}
case $1 in
  login)
    [[ $* == 'login --username $oauthtoken --password-stdin nvcr.io' ]] || exit 1
    IFS= read -r password || [[ -n "$password" ]]
    [[ "$password" == "$EXPECTED" ]] || { echo 'Error response from daemon: unauthorized' >&2; exit 1; }
    stat -c %a "$config" >"$HOME/mode"
    printf %s "$config" >"$HOME/where"
    echo "$password" >"$config/config.json"
    echo 'Login Succeeded'
    ;;
  pull) [[ -s $config/config.json ]] || { echo 'Error response from daemon: denied' >&2; exit 1; } ;;
  image) [[ -e $HOME/pulled-before ]] ;;
esac`;

  function instanceWith(value: string, facts: Partial<InstanceFacts> = {}): FakeInstance {
    const instance = readyInstance({
      image,
      registry: { server: "nvcr.io", user: "$oauthtoken", secret },
      ...facts,
    }).real("mkdir", "rm", "stat", "python3");
    instance.fake("aws", `cat '${instance.file("secret", `${JSON.stringify({ key: value })}\n`)}'`);
    return instance
      .fake("docker", STRICT)
      .set("EXPECTED", PASSWORD)
      .set("REGISTRY_LOGIN", instance.path("login"));
  }

  it("gets the password of its secret by a pipe, and keeps it only for the pull, where root alone may read", () => {
    const instance = instanceWith(PASSWORD);
    const { status, stdout, stderr } = instance.run("model-server.sh", "start");
    expect(status).toBe(0);
    expect(commands(instance, "aws")).toEqual([
      "secretsmanager get-secret-value --region us-west-2 --secret-id arn:aws:secretsmanager:us-west-2:123456789012:secret:ngc-AbCdEf --query SecretString --output text",
    ]);
    expect(commands(instance, "docker").slice(1, 3)).toEqual([
      "login --username $oauthtoken --password-stdin nvcr.io",
      `pull --quiet ${image}`,
    ]);
    expect(instance.read("where")).toBe(instance.path("login"));
    expect(instance.read("mode")).toBe("700\n");
    expect(instance.has("login")).toBe(false);
    expect(instance.calls().flat().join() + stdout + stderr).not.toContain("password'");
    expect(instance.calls().flat().join() + stdout + stderr).not.toContain("nvapi-");
  });

  it("reads the secret anew at the next start", () => {
    const instance = instanceWith(PASSWORD);
    expect(instance.run("model-server.sh", "start").status).toBe(0);
    expect(instance.run("model-server.sh", "start").status).toBe(0);
    expect(instance.calls("docker").filter(([, command]) => command === "login")).toHaveLength(2);
  });

  it.each([
    ["the password is wrong", "another", {}],
    [
      "the secret has no such key",
      PASSWORD,
      { registry: { server: "nvcr.io", user: "$oauthtoken", secret: secret.replace("key", "other") } },
    ],
  ])("prevents the start where %s, and nothing of it is left", (_, value, facts) => {
    const instance = instanceWith(value, facts);
    expect(instance.run("model-server.sh", "start").status).not.toBe(0);
    expect(dockerRun(instance, image).options).toEqual([]);
    expect(instance.has("login")).toBe(false);
  });

  it("does not prevent the start of an instance that has pulled the image before", () => {
    const instance = instanceWith("another");
    instance.file("pulled-before", "");
    expect(instance.run("model-server.sh", "start").status).toBe(0);
    expect(dockerRun(instance, image).args).toEqual(["--model", "/models"]);
  });

  it("is not signed in to for the agent of Target Optimizer, which is of another", () => {
    const targetOptimizer = {
      image: "public.ecr.aws/aws-elb/target-optimizer/target-control-agent:1",
      port: 3001,
      controlPort: 3000,
      serverPort: 8000,
      maxConcurrency: 8,
      protocolVersion: "HTTP1",
    } as const;
    const instance = instanceWith(PASSWORD, { targetOptimizer }).fake("docker", DOCKER);
    expect(instance.run("target-optimizer.sh").status).toBe(0);
    expect(commands(instance, "docker")[0]).toBe(`pull --quiet ${targetOptimizer.image}`);
  });
});

describe("a registry that does not answer", () => {
  const instanceWithout = (registry: string) => readyInstance().fake("docker", `${DOCKER}\n${registry}`);

  it("does not prevent the start of an instance that has pulled the image before", () => {
    const instance = instanceWithout("[[ $1 != pull ]]");
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(dockerRun(instance).args).toEqual(["--model", "/models"]);
  });

  it("prevents the start of an instance without the image", () => {
    const instance = instanceWithout("[[ $1 != pull && $1 != image ]]");
    expect(instance.run("model-server.sh", "start").status).not.toBe(0);
    expect(commands(instance, "docker").filter((command) => command.startsWith("run"))).toEqual([]);
  });
});

describe("weights", () => {
  const instanceWithWeights = () =>
    readyInstance((folder) => ({
      dataDirectory: `${folder}/data`,
      weights: { uri: "s3://acme/llama/" },
      volumes: [{ folder: "models", path: "/models", readOnly: true }],
    })).real("mkdir", "install");

  it("are copied from S3 before the server starts", () => {
    const instance = instanceWithWeights().fake("aws", ": >model.safetensors");
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    const order = instance.calls().map(([program, command]) => `${program} ${command}`);
    expect(order.indexOf("aws s3")).toBeGreaterThan(-1);
    expect(order.indexOf("aws s3")).toBeLessThan(order.indexOf("docker run"));
  });

  it("are seen by the server, read-only", () => {
    const instance = instanceWithWeights().fake("aws", ": >model.safetensors");
    instance.run("model-server.sh", "start");
    expect(dockerRun(instance).options.join(" ")).toContain(
      `--volume ${instance.path("data/models")}:/models:ro`,
    );
  });

  it("that cannot be copied prevent the start of the server", () => {
    const refused = instanceWithWeights().fake("aws", "exit 1");
    expect(refused.run("model-server.sh", "start").status).not.toBe(0);
    expect(dockerRun(refused).options).toEqual([]);
  });
});

describe("the hub", () => {
  /** An instance whose model is on the hub, which answers with a status; 000 is no answer. */
  function instanceOf(status: string, facts: Partial<InstanceFacts> = {}): FakeInstance {
    const hub = { url: "https://hub.example.com/api/models", offline: { HF_HUB_OFFLINE: "1" } };
    const instance = readyInstance((folder) => ({ dataDirectory: `${folder}/data`, hub, ...facts }));
    return instance.fake("curl", `printf ${status}; [[ ${status} != 000 ]]`);
  }

  /** How its server is started. */
  function options(instance: FakeInstance): string {
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    return dockerRun(instance).options.join(" ");
  }

  function answered(instance: FakeInstance): FakeInstance {
    instance.file("data/answered", "");
    return instance;
  }

  it.each(["000", "429", "500", "503"])(
    "that is away (%s) is not asked for a model that is here",
    (status) => {
      expect(options(answered(instanceOf(status)))).toContain("--env HF_HUB_OFFLINE=1");
    },
  );

  it.each(["200", "302", "401", "403", "404"])("that is there (%s) is asked", (status) => {
    expect(options(answered(instanceOf(status)))).not.toContain("HF_HUB_OFFLINE");
  });

  it("is asked for a model that is not here yet, whether it is away or not", () => {
    const instance = instanceOf("503");
    expect(options(instance)).not.toContain("HF_HUB_OFFLINE");
    expect(instance.calls("curl")).toEqual([]);
  });

  it("is asked, or not, as the team has written", () => {
    const written = options(answered(instanceOf("503", { env: { HF_HUB_OFFLINE: "0" } })));
    expect(written).toMatch(/HF_HUB_OFFLINE=1 .*HF_HUB_OFFLINE=0/);
  });

  it("matters to no server that does not need it", () => {
    const instance = answered(instanceOf("503", { hub: undefined }));
    options(instance);
    expect(instance.calls("curl")).toEqual([]);
  });
});

describe("a folder that lasts", () => {
  const instanceWithFolders = () =>
    readyInstance((folder) => ({
      dataDirectory: `${folder}/data`,
      volumes: [
        { folder: "cache", path: "/cache" },
        { folder: "mounts/srv/out put", path: "/srv/out put" },
      ],
    })).real("install");

  it("is made for any user of the container, who may write to it", () => {
    const instance = instanceWithFolders();
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    for (const [folder, path] of [
      ["cache", "/cache"],
      ["mounts/srv/out put", "/srv/out put"],
    ]) {
      const place = instance.path(`data/${folder}`);
      expect(statSync(place).mode & 0o7777).toBe(0o1777);
      expect(dockerRun(instance).options).toContain(`${place}:${path}`);
    }
  });

  it("keeps its files when the server is started again, as after a reboot", () => {
    const instance = instanceWithFolders();
    instance.run("model-server.sh", "start");
    instance.file("data/cache/compiled", "kernel");
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(instance.read("data/cache/compiled")).toBe("kernel");
  });
});

describe("a file", () => {
  const text = `a: "\${x}" 'it''s'\n\n# é: $(id)\n`;
  const instanceWithFiles = () =>
    readyInstance((folder) => ({
      dataDirectory: `${folder}/data`,
      files: { "/etc/app/config.yaml": text, "/chat.jinja": "" },
    })).real("install");

  it("is seen by the server as it was written, read-only", () => {
    const instance = instanceWithFiles();
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    const options = dockerRun(instance).options;
    for (const [path, content] of [
      ["/etc/app/config.yaml", text],
      ["/chat.jinja", ""],
    ]) {
      const place = `data/files${path}`;
      expect(instance.read(place)).toBe(content);
      expect(statSync(instance.path(place)).mode & 0o777).toBe(0o644);
      expect(options).toContain(`${instance.path(place)}:${path}:ro`);
    }
  });

  it("is written anew at every start", () => {
    const instance = instanceWithFiles();
    instance.file("data/files/chat.jinja", "what somebody has changed");
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(instance.read("data/files/chat.jinja")).toBe("");
  });
});

describe("secrets", () => {
  const arn = (name: string) => `arn:aws:secretsmanager:us-west-2:123456789012:secret:${name}-AbCdEf`;
  const secret = `it's \${x} "quoted"\n\tend é\n\n`;

  /** An instance whose docker records its environment when it runs the server. */
  function instanceWith(secrets: Record<string, string>, aws: string): FakeInstance {
    const instance = readyInstance({ secrets }).fake("aws", aws);
    return instance.fake(
      "docker",
      `${DOCKER}\nif [[ $1 == run ]]; then env -0 >'${instance.path("environment")}'; fi`,
    );
  }

  const printSecret = (instance: FakeInstance) => `cat '${instance.file("secret", `${secret}\n`)}'`;

  it("reach the server unchanged, by its environment and not among the arguments", () => {
    const instance = instanceWith({ TOKEN: arn("token") }, "");
    instance.fake("aws", printSecret(instance));
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(environmentOf(instance)).toContain(`TOKEN=${secret}`);
    expect(dockerRun(instance).options.slice(-2)).toEqual(["--env", "TOKEN"]);
    expect(instance.calls("docker").flat().join()).not.toContain("quoted");
  });

  it("are kept for the agent where one is the API key that the metrics ask for, and root alone may read it", () => {
    const serverMetrics = { port: 8000, path: "/metrics", gauges: ["busy"], bearer: "KEY" };
    const observability = { namespace: "a", logGroupPrefix: "/a", serverMetrics };
    const instance = readyInstance({ observability, secrets: { KEY: arn("key"), OTHER: arn("other") } });
    instance.real("mkdir").fake("aws", `case "$*" in *key*) echo the-key ;; *) echo x ;; esac`);
    instance.set("METRICS_TOKEN", instance.path("run/metrics-token"));
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(instance.read("run/metrics-token")).toBe("the-key");
    expect(statSync(instance.path("run/metrics-token")).mode & 0o777).toBe(0o600);
  });

  it("are kept nowhere otherwise", () => {
    const instance = instanceWith({ KEY: arn("key") }, "echo x");
    instance.set("METRICS_TOKEN", instance.path("run/metrics-token"));
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(instance.has("run/metrics-token")).toBe(false);
    expect(readFileSync(scriptOf("secrets.sh"), "utf8")).toContain(METRICS_TOKEN);
  });

  it("are parameters of Systems Manager too, decrypted", () => {
    const parameter = "arn:aws:ssm:us-west-2:123456789012:parameter/chat/token";
    const instance = instanceWith({ TOKEN: parameter, OTHER: arn("other") }, "echo x");
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(commands(instance, "aws")).toEqual([
      `secretsmanager get-secret-value --region us-west-2 --secret-id ${arn("other")} --query SecretString --output text`,
      `ssm get-parameter --region us-west-2 --name ${parameter} --with-decryption --query Parameter.Value --output text`,
    ]);
    expect(environmentOf(instance)).toEqual(expect.arrayContaining(["TOKEN=x", "OTHER=x"]));
  });

  it("are read from the region their ARN names", () => {
    const instance = instanceWith({ TOKEN: arn("token") }, "echo x");
    instance.run("model-server.sh", "start");
    expect(commands(instance, "aws")).toEqual([
      `secretsmanager get-secret-value --region us-west-2 --secret-id ${arn("token")} --query SecretString --output text`,
    ]);
  });

  it("do not affect the reading of one another", () => {
    const instance = instanceWith(
      { AWS_ACCESS_KEY_ID: arn("id"), AWS_SECRET_ACCESS_KEY: arn("key") },
      `if [[ -v AWS_ACCESS_KEY_ID ]]; then exit 1; fi; echo x`,
    );
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(environmentOf(instance)).toEqual(
      expect.arrayContaining(["AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=x"]),
    );
  });

  it("are read with many retries", () => {
    const instance = instanceWith({ TOKEN: arn("token") }, "");
    instance.fake("aws", `env >'${instance.path("patience")}'; echo x`);
    instance.run("model-server.sh", "start");
    expect(instance.read("patience").split("\n")).toEqual(
      expect.arrayContaining([
        ...["AWS_RETRY_MODE=standard", "AWS_MAX_ATTEMPTS=10", "LC_ALL=C.UTF-8"],
        "AWS_METADATA_SERVICE_NUM_ATTEMPTS=5",
      ]),
    );
  });

  describe("of which one key is meant", () => {
    const keys = { vllm: "it's a \n key\n", "with space": "é", number: 7, nothing: {} };
    const start = (reference: string, text = JSON.stringify(keys)) => {
      const instance = instanceWith({ TOKEN: arn("keys") + reference }, "").real("python3");
      instance.fake("aws", `cat '${instance.file("secret", `${text}\n`)}'`);
      return { instance, ...instance.run("model-server.sh", "start") };
    };

    it.each([
      [":vllm::", keys.vllm],
      [":vllm", keys.vllm],
      [":with space:", keys["with space"]],
      [":number::", "7"],
      [":nothing::", "{}"],
      ["", JSON.stringify(keys)],
      [":::", JSON.stringify(keys)],
    ])("by %j reach the server with the value of that key alone", (reference, value) => {
      const { instance, status } = start(reference);
      expect(status).toBe(0);
      expect(environmentOf(instance)).toContain(`TOKEN=${value}`);
      expect(commands(instance, "aws")).toEqual([
        `secretsmanager get-secret-value --region us-west-2 --secret-id ${arn("keys")} --query SecretString --output text`,
      ]);
    });

    it.each([
      [":vllm:AWSPREVIOUS:", "--version-stage AWSPREVIOUS"],
      ["::AWSPREVIOUS:", "--version-stage AWSPREVIOUS"],
      [":::9d4cb84b-ad69-40c0-a0ab-cead36b967e8", "--version-id 9d4cb84b-ad69-40c0-a0ab-cead36b967e8"],
      [":vllm:A:b", "--version-stage A --version-id b"],
    ])("by %s are of that version", (reference, options) => {
      const { instance, status } = start(reference);
      expect(status).toBe(0);
      expect(commands(instance, "aws")).toEqual([
        `secretsmanager get-secret-value --region us-west-2 --secret-id ${arn("keys")} ${options} --query SecretString --output text`,
      ]);
    });

    it.each([
      ["lack it", JSON.stringify({ other: "s3cret-value" })],
      ["are a list", '["s3cret-value"]'],
      ["are no JSON", "s3cret-value"],
    ])("prevent the start if they %s, with a sentence that does not show them", (_, text) => {
      const { instance, status, stderr } = start(":vllm::", text);
      expect(status).not.toBe(0);
      expect(stderr).toContain(`secrets: ${arn("keys")} is no JSON object with the key vllm\n`);
      expect(stderr).not.toContain("s3cret-value");
      expect(dockerRun(instance).options).toEqual([]);
    });

    it("prevent the start if they cannot be read, and no key is blamed", () => {
      const instance = instanceWith({ TOKEN: `${arn("keys")}:vllm::` }, "exit 254").real("python3");
      const { status, stderr } = instance.run("model-server.sh", "start");
      expect(status).not.toBe(0);
      expect(stderr).not.toContain("vllm");
      expect(dockerRun(instance).options).toEqual([]);
    });
  });

  it("that cannot be read prevent the start of the server", () => {
    const instance = instanceWith({ TOKEN: arn("token") }, "exit 254");
    expect(instance.run("model-server.sh", "start").status).not.toBe(0);
    expect(dockerRun(instance).options).toEqual([]);
  });
});

it("stops the server by its signal and its timeout", () => {
  const instance = readyInstance();
  expect(instance.run("model-server.sh", "stop")).toMatchObject({ status: 0 });
  expect(instance.calls()).toEqual([["docker", "stop", "model-server"]]);
});

describe("a stop", () => {
  /** Stops a server with two connections that takes so long, and ends with this code. @returns the log */
  function stopped(seconds: number, code: number, stopTimeoutSeconds = 2): string {
    const instance = readyInstance({ stopTimeoutSeconds });
    sockets(instance, loadBalancer(8000), loadBalancer(8000));
    instance.real("rm").fake(
      "docker",
      `if [[ $1 == stop ]]; then sleep ${seconds}; fi
       if [[ $1 == container ]]; then echo ${code}; fi`,
    );
    const { status, stderr } = instance.run("model-server.sh", "stop");
    expect(status).toBe(0);
    return stderr;
  }

  it("by SIGKILL says how many connections it has cut", () => {
    expect(stopped(3.5, 137)).toBe(
      "model-server: the server still ran after 2 s, so SIGKILL has cut 2 connections\n",
    );
  });

  it("counts what was open before SIGKILL, and not after it", () => {
    const instance = readyInstance({ stopTimeoutSeconds: 2 });
    sockets(instance, loadBalancer(8000));
    instance.real("rm").fake(
      "docker",
      `if [[ $1 == stop ]]; then sleep 2.2; rm '${instance.path("net/tcp")}'; sleep 2; fi
       if [[ $1 == container ]]; then echo 137; fi`,
    );
    expect(instance.run("model-server.sh", "stop").stderr).toContain("has cut 1 connections");
  });

  it.each([
    ["late, but by itself", 3.5, 0, 2],
    ["late, by its stop signal", 3.5, 143, 2],
    ["in time, by another's SIGKILL", 0, 137, 60],
  ])("that ends %s says nothing", (_, ...times) => {
    expect(stopped(...times)).toBe("");
  });

  it("that fails is a failure of the unit", () => {
    const instance = readyInstance().fake("docker", "exit 1");
    expect(instance.run("model-server.sh", "stop").status).toBe(1);
  });
});

it("prints its usage", () => {
  const { status, stderr } = readyInstance().run("model-server.sh");
  expect(status).toBe(2);
  expect(stderr).toContain("start | stop");
});
