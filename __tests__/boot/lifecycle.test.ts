import type { InstanceFacts } from "../../boot/user-data";
import { FakeInstance } from "./instance";
import { type Loopback, listenOnLoopback } from "./model-and-metadata";

jest.setTimeout(20_000);

const instances: FakeInstance[] = [];
let loopback: Loopback;

beforeEach(async () => {
  loopback = await listenOnLoopback("InService");
});
afterEach(() => loopback.close());
afterAll(() => {
  for (const instance of instances) {
    instance.remove();
  }
});

/** An instance whose server is running, beside the loopback server. */
function instanceWith(facts: Partial<InstanceFacts> = {}): FakeInstance {
  const instance = new FakeInstance({
    health: { protocol: "http", port: loopback.port, path: "/health" },
    ...facts,
  });
  instances.push(instance.fake("aws").fake("docker").fake("systemctl", "[[ $1 != is-failed ]]"));
  return instance;
}

const follow = (instance: FakeInstance, until: () => boolean) =>
  instance.runUntil(until, "lifecycle.sh", {
    METADATA_ENDPOINT: `http://127.0.0.1:${loopback.port}`,
    POLL_SECONDS: "0.05",
  });

/** The instance's answers to hooks: hook and result. */
const answers = (instance: FakeInstance) =>
  instance
    .calls("aws")
    .filter(([, , call]) => call === "complete-lifecycle-action")
    .map((call) => [optionOf(call, "--lifecycle-hook-name"), optionOf(call, "--lifecycle-action-result")]);

const optionOf = (call: readonly string[], option: string) => call[call.indexOf(option) + 1];
/** Whether an instance has answered, and then made no call for half a second, which is ten turns. */
function quietAfterAnswering(instance: FakeInstance): () => boolean {
  let count = 0;
  let since = Date.now();
  return () => {
    if (answers(instance).length !== count) {
      count = answers(instance).length;
      since = Date.now();
    }
    return count > 0 && Date.now() - since > 500;
  };
}

const LET_IN = ["model-ready", "CONTINUE"];
const GIVEN_UP = ["model-ready", "ABANDON"];
const LET_GO = ["server-stopped", "CONTINUE"];

describe("on its way into service, an instance", () => {
  it("enters service when its model answers, and not before", async () => {
    const instance = instanceWith();
    let early: unknown;
    setTimeout(() => {
      early = answers(instance);
      loopback.modelAnswers = true;
    }, 500);
    await follow(instance, () => answers(instance).length > 0);
    expect(early).toEqual([]);
    expect(answers(instance)).toEqual([LET_IN]);
  });

  it("names its instance and its group", async () => {
    const instance = instanceWith();
    loopback.modelAnswers = true;
    await follow(instance, () => answers(instance).length > 0);
    expect(instance.calls("aws")[0]?.join(" ")).toBe(
      "aws autoscaling complete-lifecycle-action --region eu-west-1 --auto-scaling-group-name chat.llama.main " +
        "--lifecycle-hook-name model-ready --instance-id i-0123456789abcdef0 --lifecycle-action-result CONTINUE",
    );
  });

  it("enters service once", async () => {
    const instance = instanceWith();
    loopback.modelAnswers = true;
    await follow(instance, quietAfterAnswering(instance));
    expect(answers(instance)).toEqual([LET_IN]);
  });

  describe("with a probe", () => {
    const probe = () => ({ port: loopback.port, path: "/ask", timeoutSeconds: 60 });
    const notYet = { status: 404, text: "no such route" };

    it("enters service when its model has answered a request, and not when it is only healthy", async () => {
      loopback.modelAnswers = true;
      loopback.answers["/ask"] = notYet;
      const instance = instanceWith({ probe: probe() });
      let early: unknown;
      const log = await follow(instance, () => {
        if (loopback.requests.length === 3) {
          early = answers(instance);
          loopback.answers["/ask"] = { status: 200, text: "" };
        }
        return answers(instance).length > 0;
      });
      expect(early).toEqual([]);
      expect(answers(instance)).toEqual([LET_IN]);
      expect(log.match(/not yet: \/ask was answered with 404: no such route/g)).toHaveLength(1);
    });

    it("gets no probe before it is healthy", async () => {
      loopback.answers["/ask"] = { status: 200, text: "" };
      const instance = instanceWith({ probe: probe(), startTimeoutSeconds: 1 });
      await follow(instance, () => answers(instance).length > 0);
      expect(loopback.requests).toEqual([]);
      expect(answers(instance)).toEqual([GIVEN_UP]);
    });

    it("is abandoned in time when its model hangs, with the failed probe in its log", async () => {
      loopback.modelAnswers = true;
      loopback.answers["/ask"] = "nothing";
      const instance = instanceWith({ probe: probe(), startTimeoutSeconds: 4 });
      const log = await follow(instance, () => answers(instance).length > 0);
      expect(answers(instance)).toEqual([GIVEN_UP]);
      expect(log).toContain("not yet: /ask was not answered within 2 s");
      expect(log).toMatch(/does not answer after 4 s \(\/ask was not answered within \d s\): ABANDON/);
    });
  });

  it("is abandoned when its model does not answer in time, with the reason and the server's last lines", async () => {
    const instance = instanceWith({ startTimeoutSeconds: 1 }).fake("docker", 'echo "CUDA out of memory" >&2');
    const log = await follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([GIVEN_UP]);
    expect(log).toContain("the model does not answer after 1 s: ABANDON");
    expect(log).toContain("CUDA out of memory");
  });

  it("is abandoned at once when its server cannot be started", async () => {
    const instance = instanceWith().fake("systemctl");
    const log = await follow(instance, () => answers(instance).length > 0);
    expect(instance.calls("systemctl")[0]).toEqual([
      "systemctl",
      "is-failed",
      "--quiet",
      "model-server.service",
    ]);
    expect(answers(instance)).toEqual([GIVEN_UP]);
    expect(log).toContain("the server could not be started: ABANDON");
  });

  describe("whose server has ended", () => {
    const ended = (status: string) =>
      instanceWith({ startTimeoutSeconds: 3 }).fake(
        "docker",
        `if [[ $1 == container ]]; then echo ${status}; else echo "CUDA out of memory" >&2; fi`,
      );

    it("for good is abandoned at once, with its last lines", async () => {
      const instance = ended("exited");
      instance.file("last-phase", "ServerStarted 100\n");
      const log = await follow(instance, () => answers(instance).length > 0);
      expect(log).toContain(
        "CUDA out of memory\nlifecycle: the server has failed too often to be started again: ABANDON",
      );
      expect(instance.calls("docker")[0]).toEqual([
        "docker",
        "container",
        "inspect",
        "--format",
        "{{.State.Status}}",
        "model-server",
      ]);
    });

    it.each([
      ["and is started again", "restarting", "ServerStarted 100\n"],
      ["in the boot before", "exited", ""],
      ["in the boot before, while this one is on its way", "exited", "ImagePulled 40\n"],
    ])("%s is not", async (_when, status, phase) => {
      const instance = ended(status);
      if (phase !== "") {
        instance.file("last-phase", phase);
      }
      const log = await follow(instance, () => answers(instance).length > 0);
      expect(log).not.toContain("failed too often");
      expect(log).toContain("the model does not answer after 3 s: ABANDON");
    });
  });

  it("repeats an answer that failed", async () => {
    const instance = instanceWith();
    instance.fake(
      "aws",
      `if [[ ! -e '${instance.path("called")}' ]]; then : >'${instance.path("called")}'; exit 254; fi`,
    );
    loopback.modelAnswers = true;
    await follow(instance, () => answers(instance).length > 1);
    expect(answers(instance)).toEqual([LET_IN, LET_IN]);
  });

  it("answers ever more rarely if no hook waits, as after a reboot in service", async () => {
    const instance = instanceWith({ startTimeoutSeconds: 60 });
    instance.fake("aws", 'echo "No active Lifecycle Action found with instance ID" >&2; exit 254');
    loopback.modelAnswers = true;
    const looks: number[] = [];
    const log = await follow(instance, () => {
      if (answers(instance).length > looks.length) {
        looks.push(loopback.metadata.requestCount());
      }
      return looks.length === 5;
    });
    const between = looks.slice(1).map((count, index) => count - (looks[index] ?? 0));
    expect(between.at(-1)).toBeGreaterThan(3 * (between[0] ?? Number.NaN));
    expect(log.match(/No active Lifecycle Action/g)).toHaveLength(1);
  });

  it("lets the AWS CLI try a call several times", async () => {
    const instance = instanceWith();
    instance.fake("aws", `echo "$AWS_RETRY_MODE $AWS_MAX_ATTEMPTS" >'${instance.path("patience")}'`);
    loopback.modelAnswers = true;
    await follow(instance, quietAfterAnswering(instance));
    expect(instance.read("patience")).toBe("standard 5\n");
  });

  describe("that takes longer than it should", () => {
    const heartbeats = (instance: FakeInstance) =>
      instance.calls("aws").filter(([, , call]) => call === "record-lifecycle-action-heartbeat");
    /** An instance on which every check finds more than the one before, for so many checks. */
    function growingInstance(
      program: "df" | "nvidia-smi",
      startTimeoutSeconds = 2,
      looks = 100_000,
    ): FakeInstance {
      const instance = instanceWith({ startTimeoutSeconds, weights: { uri: "s3://acme/llama/" } });
      const count = instance.file("count", "0");
      return instance.fake(
        program,
        `read -r n <'${count}' || true; if ((n < ${looks})); then n=$((n + 1)); fi; printf %s "$n" >'${count}'; echo Used; echo " $n"`,
      );
    }

    it.each(["df", "nvidia-smi"] as const)(
      "gets its time again while %s shows that it loads",
      async (program) => {
        const instance = growingInstance(program);
        setTimeout(() => {
          loopback.modelAnswers = true;
        }, 2500);
        const log = await follow(instance, () => answers(instance).length > 0);
        expect(answers(instance)).toEqual([LET_IN]);
        expect(heartbeats(instance)[0]?.join(" ")).toBe(
          "aws autoscaling record-lifecycle-action-heartbeat --region eu-west-1 --auto-scaling-group-name chat.llama.main " +
            "--lifecycle-hook-name model-ready --instance-id i-0123456789abcdef0",
        );
        expect(log).toContain("still loading after 2 s");
      },
    );

    it("is abandoned after three times the start timeout, even if it goes on loading", async () => {
      const instance = growingInstance("df");
      await follow(instance, () => answers(instance).length > 0);
      expect(heartbeats(instance)).toHaveLength(3);
      expect(answers(instance)).toEqual([GIVEN_UP]);
    });

    it("is abandoned when it has stopped loading", async () => {
      const instance = growingInstance("df", 4, 3);
      await follow(instance, () => answers(instance).length > 0);
      expect(heartbeats(instance)).toHaveLength(1);
      expect(answers(instance)).toEqual([GIVEN_UP]);
    });

    it("has the time of its hook begin anew at the first check, as that began with the launch", async () => {
      const instance = instanceWith({ startTimeoutSeconds: 60 });
      await follow(instance, () => loopback.metadata.requestCount() > 12);
      expect(heartbeats(instance)).toHaveLength(1);
      expect(answers(instance)).toEqual([]);
    });

    it("is abandoned in time although nvidia-smi hangs and cannot be killed", async () => {
      const instance = instanceWith({ startTimeoutSeconds: 3 }).fake("nvidia-smi", "sleep 30");
      const started = Date.now();
      await follow(instance, () => answers(instance).length > 0);
      expect(answers(instance)).toEqual([GIVEN_UP]);
      expect(Date.now() - started).toBeLessThan(9000);
    });

    it("is abandoned in time although Docker hangs", async () => {
      const instance = instanceWith({ startTimeoutSeconds: 1 }).fake(
        "docker",
        "[[ $1 != logs ]] || exec sleep 30",
      );
      await follow(instance, () => answers(instance).length > 0);
      expect(answers(instance)).toEqual([GIVEN_UP]);
    });

    it("is abandoned when Auto Scaling grants it no more time", async () => {
      const instance = growingInstance("df");
      instance.fake("aws", "[[ $2 != record-lifecycle-action-heartbeat ]]");
      await follow(instance, () => answers(instance).length > 0);
      expect(heartbeats(instance)).toHaveLength(2);
      expect(answers(instance)).toEqual([GIVEN_UP]);
    });
  });

  it("stops answering after the start timeout when no hook waits, as after a reboot", async () => {
    const instance = instanceWith({ startTimeoutSeconds: 1 }).fake("aws", "exit 254");
    loopback.modelAnswers = true;
    await expect(follow(instance, quietAfterAnswering(instance))).resolves.toContain(
      "the model answers: CONTINUE",
    );
  });

  it("may serve another protocol than HTTP: then a connection is enough", async () => {
    const instance = instanceWith({ health: { protocol: "tcp", port: loopback.port } });
    await follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([LET_IN]);
  });

  it("does not enter service if nothing listens", async () => {
    const nobody = await listenOnLoopback();
    await nobody.close();
    const instance = instanceWith({ health: { protocol: "tcp", port: nobody.port }, startTimeoutSeconds: 1 });
    await follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([GIVEN_UP]);
  });

  it("answers nothing outside a group", async () => {
    loopback.target = undefined;
    loopback.modelAnswers = true;
    const instance = instanceWith();
    const started = Date.now();
    await follow(instance, () => Date.now() - started > 500);
    expect(instance.calls()).toEqual([]);
  });
});

describe("on its way out, an instance", () => {
  const words = (instance: FakeInstance) =>
    instance.calls().map(([program, first, second]) => [program, first, second].join(" "));

  it("stops its server and then completes its hook", async () => {
    loopback.target = "Terminated";
    const instance = instanceWith();
    await follow(instance, () => answers(instance).length > 0);
    expect(words(instance)).toEqual([
      "aws autoscaling record-lifecycle-action-heartbeat",
      "systemctl stop model-server.service",
      "aws autoscaling complete-lifecycle-action",
    ]);
    expect(answers(instance)).toEqual([LET_GO]);
  });

  it("keeps serving until its hook waits, which is when the load balancer has drained it", async () => {
    loopback.target = "Terminated";
    const instance = instanceWith();
    instance.fake(
      "aws",
      `if [[ $2 == record-lifecycle-action-heartbeat && ! -e '${instance.path("waiting")}' ]]; then
         echo "No active Lifecycle Action found" >&2
         exit 255
       fi`,
    );
    let early: unknown;
    setTimeout(() => {
      early = instance.calls("systemctl");
      instance.file("waiting", "");
    }, 500);
    const log = await follow(instance, () => answers(instance).length > 0);
    expect(early).toEqual([]);
    expect(answers(instance)).toEqual([LET_GO]);
    expect(instance.calls("aws").length).toBeGreaterThan(3);
    expect(log.match(/lifecycle: server-stopped: No active Lifecycle Action found\n/g)).toHaveLength(1);
  });

  it("leaves while it starts", async () => {
    const instance = instanceWith();
    setTimeout(() => {
      loopback.target = "Terminated";
    }, 300);
    await follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([LET_GO]);
  });

  it("completes its hook although its server did not stop cleanly", async () => {
    loopback.target = "Terminated";
    const instance = instanceWith().fake("systemctl", "exit 1");
    await follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([LET_GO]);
  });
});

describe("with a warm pool, an instance", () => {
  it("completes the hook into the pool, into service and back", async () => {
    const instance = instanceWith();
    loopback.modelAnswers = true;
    loopback.target = "Warmed:Running";
    await follow(instance, () => {
      const given = answers(instance).length;
      loopback.target = given === 0 ? "Warmed:Running" : given === 1 ? "InService" : "Warmed:Running";
      return given === 3;
    });
    expect(answers(instance)).toEqual([LET_IN, LET_IN, LET_GO]);
    expect(instance.calls("systemctl")).toEqual([]);
  });

  it("leaves from the pool as from service", async () => {
    loopback.target = "Warmed:Terminated";
    const instance = instanceWith();
    await follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([LET_GO]);
  });
});
