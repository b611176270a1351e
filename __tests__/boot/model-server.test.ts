import type { BoxFacts } from "../../boot/user-data";
import { FakeBox } from "./box";

const boxes: FakeBox[] = [];
afterAll(() => {
  for (const box of boxes) {
    box.remove();
  }
});

const DOCKER = 'if [[ $1 == info ]]; then echo \'{"nvidia":{},"runc":{}}\'; fi';

/** A box with Docker and the NVIDIA runtime, on which nothing goes wrong. */
function readyBox(facts: ConstructorParameters<typeof FakeBox>[0] = {}): FakeBox {
  const box = new FakeBox(facts).fake("docker", DOCKER);
  for (const program of ["aws", "systemctl", "dnf", "nvidia-ctk"]) {
    box.fake(program);
  }
  boxes.push(box);
  return box.set("MEMINFO", box.file("meminfo", "MemTotal:       16777216 kB\nMemFree:  1024 kB\n"));
}

function started(facts: Partial<BoxFacts> = {}): FakeBox {
  const box = readyBox(facts);
  expect(box.run("model-server.sh", "start")).toMatchObject({ status: 0 });
  return box;
}

/** How the server was started: docker's options, and the arguments after the image. */
function dockerRun(box: FakeBox, image = "vllm/vllm-openai:v0.18.0") {
  const run = box.calls("docker").find(([, command]) => command === "run") ?? [];
  return { options: run.slice(2, run.indexOf(image)), args: run.slice(run.indexOf(image) + 1) };
}

const environmentOf = (box: FakeBox) => box.read("environment").split("\0");
const commands = (box: FakeBox, program: string) => box.calls(program).map(([, ...args]) => args.join(" "));

describe("start", () => {
  const box = started();

  it("runs the image with all GPUs on the host's network, and again when it fails, but not for ever", () => {
    expect(dockerRun(box).options.join(" ")).toBe(
      "--detach --name model-server --gpus all --network host --restart on-failure:5 --memory 14155776k --log-driver json-file --log-opt max-size=100m --log-opt max-file=3 --stop-timeout 120 --ipc host",
    );
  });

  it("gives the server its arguments", () => {
    expect(dockerRun(box).args).toEqual(["--model", "/models"]);
  });

  it("first pulls the image and takes away the container of an earlier boot", () => {
    expect(commands(box, "docker").slice(1, 3)).toEqual([
      "pull --quiet vllm/vllm-openai:v0.18.0",
      "rm --force model-server",
    ]);
  });

  it("installs nothing where nothing is missing", () => {
    expect(box.calls("dnf")).toEqual([]);
    expect(box.calls("nvidia-ctk")).toEqual([]);
  });

  it("asks AWS for nothing it does not need", () => {
    expect(box.calls("aws")).toEqual([]);
  });
});

it("passes arguments and variables on to the letter", () => {
  const awkward = [`\${x}`, "it's", "a\nb\n", "", "$(id) *", "é😀"];
  const { args, options } = dockerRun(
    started({ arguments: awkward, env: { B: "two\nlines", A: `'\${x}"` } }),
  );
  expect(args).toEqual(awkward);
  expect(options.slice(-6)).toEqual(["--env", `A='\${x}"`, "--env", "B=two\nlines", "--ipc", "host"]);
});

it("leaves the box 2 GiB of its memory, and a thirty-second of it", () => {
  const box = readyBox();
  box.set("MEMINFO", box.file("meminfo", `MemTotal: ${1024 * 1024 * 1024} kB\n`));
  box.run("model-server.sh", "start");
  const { options } = dockerRun(box);
  expect(options[options.indexOf("--memory") + 1]).toBe(`${(1024 - 2 - 32) * 1024 * 1024}k`);
});

it("stops the server as the image or the team says", () => {
  expect(dockerRun(started({ stopSignal: "SIGINT" })).options.join(" ")).toContain("--stop-signal SIGINT");
  expect(dockerRun(started()).options).not.toContain("--stop-signal");
});

it("gives the container shared memory of its own when told to", () => {
  const options = dockerRun(started({ shmSize: "16g" })).options.join(" ");
  expect(options).toContain("--shm-size 16g");
  expect(options).not.toContain("--ipc");
});

describe("Docker", () => {
  it("is installed where it is missing, and started", () => {
    const box = new FakeBox().fake("systemctl").fake("aws").fake("installed-docker", DOCKER);
    boxes.push(box.fake("dnf", `mv '${box.path("installed-docker")}' '${box.path("docker")}'`));
    expect(box.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(commands(box, "dnf")).toEqual(["install --assumeyes docker"]);
    expect(commands(box, "systemctl")).toEqual(["enable --now docker"]);
    expect(commands(box, "installed-docker").at(-1)).toMatch(/^run /);
  });

  it("learns about the NVIDIA runtime where it does not know it", () => {
    const box = readyBox().fake("docker", "if [[ $1 == info ]]; then echo '{\"runc\":{}}'; fi");
    box.run("model-server.sh", "start");
    expect(commands(box, "nvidia-ctk")).toEqual(["runtime configure --runtime=docker"]);
    expect(commands(box, "systemctl")).toEqual(["enable --now docker", "restart docker"]);
  });
});

describe("a private ECR image", () => {
  const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/vllm:v1";

  it("is signed in for in the registry's own region, the password not among the arguments", () => {
    const box = readyBox({ image }).fake("aws", "echo a-password");
    box.fake("docker", `${DOCKER}\nif [[ $1 == login ]]; then cat >'${box.path("password")}'; fi`);
    expect(box.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(box.read("password")).toBe("a-password\n");
    expect(commands(box, "aws")).toEqual(["ecr get-login-password --region eu-central-1"]);
    expect(commands(box, "docker")).toContain(
      "login --username AWS --password-stdin 123456789012.dkr.ecr.eu-central-1.amazonaws.com",
    );
    expect(box.calls("docker").flat()).not.toContain("a-password");
  });

  it("is not started when signing in fails", () => {
    const refused = readyBox({ image })
      .fake("aws", "exit 255")
      .fake("docker", `${DOCKER}\n[[ $1 != image ]]`);
    expect(refused.run("model-server.sh", "start").status).not.toBe(0);
    expect(dockerRun(refused, image).options).toEqual([]);
  });
});

describe("a registry that does not answer", () => {
  const boxWithout = (registry: string) => readyBox().fake("docker", `${DOCKER}\n${registry}`);

  it("does not keep a box from starting that has pulled the image before", () => {
    const box = boxWithout("[[ $1 != pull ]]");
    expect(box.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(dockerRun(box).args).toEqual(["--model", "/models"]);
  });

  it("keeps a box from starting that has no image", () => {
    const box = boxWithout("[[ $1 != pull && $1 != image ]]");
    expect(box.run("model-server.sh", "start").status).not.toBe(0);
    expect(commands(box, "docker").filter((command) => command.startsWith("run"))).toEqual([]);
  });
});

describe("weights", () => {
  const boxWithWeights = () =>
    readyBox((folder) => ({ weights: { uri: "s3://acme/llama/", directory: `${folder}/data` } })).real(
      "mkdir",
    );

  it("are copied from S3 before the server starts", () => {
    const box = boxWithWeights().fake("aws", ": >model.safetensors");
    expect(box.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    const order = box.calls().map(([program, command]) => `${program} ${command}`);
    expect(order.indexOf("aws s3")).toBeGreaterThan(-1);
    expect(order.indexOf("aws s3")).toBeLessThan(order.indexOf("docker run"));
  });

  it("are seen by the server under the same name, and not to be changed", () => {
    const box = boxWithWeights().fake("aws", ": >model.safetensors");
    box.run("model-server.sh", "start");
    const data = box.path("data");
    expect(dockerRun(box).options.join(" ")).toContain(`--volume ${data}:${data}:ro`);
  });

  it("that cannot be had keep the server from starting", () => {
    const refused = boxWithWeights().fake("aws", "exit 1");
    expect(refused.run("model-server.sh", "start").status).not.toBe(0);
    expect(dockerRun(refused).options).toEqual([]);
  });
});

describe("secrets", () => {
  const arn = (name: string) => `arn:aws:secretsmanager:us-west-2:123456789012:secret:${name}-AbCdEf`;
  const secret = `it's \${x} "quoted"\n\tend é\n\n`;

  /** A box whose docker notes its environment when it runs the server. */
  function boxWith(secrets: Record<string, string>, aws: string): FakeBox {
    const box = readyBox({ secrets }).fake("aws", aws);
    return box.fake("docker", `${DOCKER}\nif [[ $1 == run ]]; then env -0 >'${box.path("environment")}'; fi`);
  }

  const printSecret = (box: FakeBox) => `cat '${box.file("secret", `${secret}\n`)}'`;

  it("reach the server to the letter, by its environment and not among the arguments", () => {
    const box = boxWith({ TOKEN: arn("token") }, "");
    box.fake("aws", printSecret(box));
    expect(box.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(environmentOf(box)).toContain(`TOKEN=${secret}`);
    expect(dockerRun(box).options.slice(-2)).toEqual(["--env", "TOKEN"]);
    expect(box.calls("docker").flat().join()).not.toContain("quoted");
  });

  it("are parameters of Systems Manager too, decrypted", () => {
    const parameter = "arn:aws:ssm:us-west-2:123456789012:parameter/chat/token";
    const box = boxWith({ TOKEN: parameter, OTHER: arn("other") }, "echo x");
    expect(box.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(commands(box, "aws")).toEqual([
      `secretsmanager get-secret-value --region us-west-2 --secret-id ${arn("other")} --query SecretString --output text`,
      `ssm get-parameter --region us-west-2 --name ${parameter} --with-decryption --query Parameter.Value --output text`,
    ]);
    expect(environmentOf(box)).toEqual(expect.arrayContaining(["TOKEN=x", "OTHER=x"]));
  });

  it("are read from the region their ARN names", () => {
    const box = boxWith({ TOKEN: arn("token") }, "echo x");
    box.run("model-server.sh", "start");
    expect(commands(box, "aws")).toEqual([
      `secretsmanager get-secret-value --region us-west-2 --secret-id ${arn("token")} --query SecretString --output text`,
    ]);
  });

  it("do not get in the way of reading one another", () => {
    const box = boxWith(
      { AWS_ACCESS_KEY_ID: arn("id"), AWS_SECRET_ACCESS_KEY: arn("key") },
      `if [[ -v AWS_ACCESS_KEY_ID ]]; then exit 1; fi; echo x`,
    );
    expect(box.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(environmentOf(box)).toEqual(
      expect.arrayContaining(["AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=x"]),
    );
  });

  it("are asked for patiently", () => {
    const box = boxWith({ TOKEN: arn("token") }, "");
    box.fake("aws", `env >'${box.path("patience")}'; echo x`);
    box.run("model-server.sh", "start");
    expect(box.read("patience").split("\n")).toEqual(
      expect.arrayContaining(["AWS_RETRY_MODE=standard", "AWS_MAX_ATTEMPTS=10", "LC_ALL=C.UTF-8"]),
    );
  });

  it("that cannot be read keep the server from starting", () => {
    const box = boxWith({ TOKEN: arn("token") }, "exit 254");
    expect(box.run("model-server.sh", "start").status).not.toBe(0);
    expect(dockerRun(box).options).toEqual([]);
  });
});

it("stops the server by its signal and its timeout", () => {
  const box = readyBox();
  expect(box.run("model-server.sh", "stop")).toMatchObject({ status: 0 });
  expect(box.calls()).toEqual([["docker", "stop", "model-server"]]);
});

it("says how it is used", () => {
  const { status, stderr } = readyBox().run("model-server.sh");
  expect(status).toBe(2);
  expect(stderr).toContain("start | stop");
});
