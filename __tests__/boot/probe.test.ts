import type { InstanceProbe } from "../../boot/user-data";
import { FakeInstance, scriptOf } from "./instance";
import { type Loopback, listenOnLoopback } from "./model-and-metadata";

const instances: FakeInstance[] = [];
let loopback: Loopback;

beforeEach(async () => {
  loopback = await listenOnLoopback();
});
afterEach(() => loopback.close());
afterAll(() => {
  for (const instance of instances) {
    instance.remove();
  }
});

const MODELS = {
  status: 200,
  text: '{"object":"list","data":[{"id": "llama","permission":[{"id":"p-1"}]}]}',
};
const COMPLETION = { status: 200, text: '{"choices":[{"text":"!"}]}' };

function instanceWith(probe?: Partial<InstanceProbe>): FakeInstance {
  const instance = new FakeInstance({
    health: { protocol: "http", port: loopback.port, path: "/health" },
    probe: probe && { port: loopback.port, path: "/v1/completions", timeoutSeconds: 60, ...probe },
  }).fake("docker");
  instances.push(instance);
  return instance;
}

/** Whether the model of the instance answers, with which status, and why not. */
async function outcome(instance: FakeInstance, seconds = 5) {
  const printed = await instance.bash(
    `source "$INSTANCE_FACTS"; source '${scriptOf("probe.sh")}'
    if probe ${seconds}; then echo yes; else echo no; fi; echo "$probe_status"; echo "$probe_failure"`,
  );
  const [answers, status, ...failure] = printed.split("\n");
  return { answers, status, failure: failure.join("\n").trim() };
}

describe("a server is healthy", () => {
  const healthyWith = async (statuses: string, status: number) => {
    loopback.answers["/live"] = { status, text: "" };
    const instance = new FakeInstance({
      health: { protocol: "http", port: loopback.port, path: "/live", statuses },
    });
    instances.push(instance);
    return await instance.bash(
      `source "$INSTANCE_FACTS"; source '${scriptOf("probe.sh")}'; if healthy; then echo yes; else echo no; fi`,
    );
  };

  it.each([
    ["200", 200],
    ["401", 401],
    ["200,401", 401],
    ["200-299", 204],
    ["200,300-399,404", 302],
    ["200,300-399,404", 404],
    ["200-499", 499],
  ])("by the load balancer's matcher %s with %i", async (matcher, status) => {
    expect((await healthyWith(matcher, status)).trim()).toBe("yes");
  });

  it.each([
    ["200", 204],
    ["200", 302],
    ["401", 200],
    ["200-299", 300],
    ["200,300-399,404", 299],
    ["200,300-399,404", 503],
  ])("not by the load balancer's matcher %s with %i", async (matcher, status) => {
    expect((await healthyWith(matcher, status)).trim()).toBe("no");
  });
});

describe("a model answers", () => {
  it("a request that is posted to it as JSON", async () => {
    loopback.answers["/v1/completions"] = COMPLETION;
    const instance = instanceWith({ body: '{"prompt":"it\'s $HOME"}', expect: '"choices"' });
    expect(await outcome(instance)).toEqual({ answers: "yes", status: "200", failure: "" });
    expect(loopback.requests).toEqual([
      {
        method: "POST",
        path: "/v1/completions",
        headers: expect.objectContaining({ "content-type": "application/json" }),
        body: '{"prompt":"it\'s $HOME"}',
      },
    ]);
  });

  it("by the name that it lists itself", async () => {
    loopback.answers["/v1/models"] = MODELS;
    loopback.answers["/v1/completions"] = COMPLETION;
    await outcome(instanceWith({ body: '{"model":"{model}","prompt":"{model}"}' }));
    expect(loopback.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /v1/models",
      "POST /v1/completions",
    ]);
    expect(loopback.requests[1]?.body).toBe('{"model":"llama","prompt":"llama"}');
  });

  it("whatever its name", async () => {
    loopback.answers["/v1/models"] = {
      status: 200,
      text: String.raw`{"data":[{"id":"a&b \\ {model} $HOME/c"}]}`,
    };
    loopback.answers["/v1/completions"] = COMPLETION;
    await outcome(instanceWith({ body: '{"model":"{model}"}' }));
    expect(loopback.requests[1]?.body).toBe(String.raw`{"model":"a&b \\ {model} $HOME/c"}`);
  });

  it("to a GET request, too", async () => {
    loopback.answers["/v2/ready"] = { status: 204, text: "" };
    expect(await outcome(instanceWith({ path: "/v2/ready" }))).toMatchObject({
      answers: "yes",
      status: "204",
    });
    expect(loopback.requests[0]).toMatchObject({ method: "GET", body: "" });
  });

  it("if there is no probe", async () => {
    expect(await outcome(instanceWith())).toEqual({ answers: "yes", status: "", failure: "" });
  });
});

describe("a model does not answer", () => {
  it.each([301, 404, 500])("with status %i, whose text is kept", async (status) => {
    loopback.answers["/v1/completions"] = { status, text: '{"error":"no such route"}' };
    expect(await outcome(instanceWith({}))).toEqual({
      answers: "no",
      status: String(status),
      failure: `/v1/completions was answered with ${status}: {"error":"no such route"}`,
    });
  });

  it("without the expected text", async () => {
    loopback.answers["/v1/completions"] = { status: 200, text: '{"error":"out of memory"}' };
    expect(await outcome(instanceWith({ expect: '"choices"' }))).toMatchObject({
      answers: "no",
      failure: '/v1/completions was answered without "choices": {"error":"out of memory"}',
    });
  });

  it("when it hangs", async () => {
    loopback.answers["/v1/completions"] = "nothing";
    expect(await outcome(instanceWith({}), 1)).toEqual({
      answers: "no",
      status: "000",
      failure: "/v1/completions was not answered within 1 s",
    });
  });

  it("when nothing listens", async () => {
    const nobody = await listenOnLoopback();
    await nobody.close();
    expect(await outcome(instanceWith({ port: nobody.port }))).toMatchObject({
      answers: "no",
      status: "000",
    });
  });

  it("when it lists no name, and gets no further request", async () => {
    loopback.answers["/v1/models"] = { status: 200, text: '{"data":[]}' };
    expect(await outcome(instanceWith({ body: '{"model":"{model}"}' }))).toMatchObject({
      answers: "no",
      failure: '/v1/models names no model: {"data":[]}',
    });
    loopback.answers["/v1/models"] = { status: 401, text: "who are you?" };
    expect(await outcome(instanceWith({ body: '{"model":"{model}"}' }))).toMatchObject({
      answers: "no",
      failure: "/v1/models was answered with 401: who are you?",
    });
    expect(loopback.requests.map(({ path }) => path)).toEqual(["/v1/models", "/v1/models"]);
  });
});

describe("the key of a server", () => {
  const environment = "printf '%s\\n' 'PATH=/bin' 'XKEY=no' 'KEY=s3=cr et' ''";

  it("is sent with every request, and is in no list of processes", async () => {
    loopback.answers["/v1/models"] = MODELS;
    loopback.answers["/v1/completions"] = COMPLETION;
    const instance = instanceWith({ bearer: "KEY", body: '{"model":"{model}"}' }).fake("docker", environment);
    instance.hide("curl").fake("curl", `exec '${instance.path("hidden-curl")}' "$@"`);
    expect(await outcome(instance)).toMatchObject({ answers: "yes" });
    expect(loopback.requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer s3=cr et",
      "Bearer s3=cr et",
    ]);
    expect(instance.calls("curl")).toHaveLength(2);
    expect(instance.calls("curl").flat().join()).not.toContain("s3=cr");
  });

  it("is read from the server's container", async () => {
    loopback.answers["/v1/completions"] = COMPLETION;
    const instance = instanceWith({ bearer: "KEY" });
    await outcome(instance);
    expect(instance.calls("docker")).toEqual([
      ["docker", "inspect", "--format", "{{range .Config.Env}}{{println .}}{{end}}", "model-server"],
    ]);
  });

  it("is not sent if the server has none", async () => {
    loopback.answers["/v1/completions"] = COMPLETION;
    await outcome(instanceWith({ bearer: "OTHER" }).fake("docker", environment));
    await outcome(instanceWith({ bearer: "KEY" }).fake("docker", "exit 1"));
    await outcome(instanceWith({}).fake("docker", environment));
    expect(loopback.requests.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
