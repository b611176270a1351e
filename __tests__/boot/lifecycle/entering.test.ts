import type { FakeInstance } from "../instance";
import { listenOnLoopback } from "../model-and-metadata";
import { answers, GIVEN_UP, hookedInstances, LET_IN } from "./hooked-instance";

const world = hookedInstances();

/** Whether an instance has answered, and then made no call for ten turns. */
function quietAfterAnswering(instance: FakeInstance): () => boolean {
  let count = 0;
  let since = world.turns();
  return () => {
    if (answers(instance).length !== count) {
      count = answers(instance).length;
      since = world.turns();
    }
    return count > 0 && world.turns() - since > 10;
  };
}

describe("on its way into service, an instance", () => {
  it("enters service when its model answers, and not before", async () => {
    const instance = world.instanceWith();
    let early: unknown;
    await world.follow(instance, () => {
      if (early === undefined && world.turns() > 10) {
        early = answers(instance);
        world.loopback.modelAnswers = true;
      }
      return answers(instance).length > 0;
    });
    expect(early).toEqual([]);
    expect(answers(instance)).toEqual([LET_IN]);
  });

  it("names its instance and its group", async () => {
    const instance = world.instanceWith();
    world.loopback.modelAnswers = true;
    await world.follow(instance, () => answers(instance).length > 0);
    expect(instance.calls("aws")[0]?.join(" ")).toBe(
      "aws autoscaling complete-lifecycle-action --region eu-west-1 --auto-scaling-group-name chat.llama.main " +
        "--lifecycle-hook-name model-ready --instance-id i-0123456789abcdef0 --lifecycle-action-result CONTINUE",
    );
  });

  it("enters service once", async () => {
    const instance = world.instanceWith();
    world.loopback.modelAnswers = true;
    await world.follow(instance, quietAfterAnswering(instance));
    expect(answers(instance)).toEqual([LET_IN]);
  });

  describe("with a probe", () => {
    const probe = () => ({ port: world.loopback.port, path: "/ask", timeoutSeconds: 60 });
    const notYet = { status: 404, text: "no such route" };

    it("enters service when its model has answered a request, and not when it is only healthy", async () => {
      world.loopback.modelAnswers = true;
      world.loopback.answers["/ask"] = notYet;
      const instance = world.instanceWith({ probe: probe() });
      let early: unknown;
      const log = await world.follow(instance, () => {
        if (world.loopback.requests.length === 3) {
          early = answers(instance);
          world.loopback.answers["/ask"] = { status: 200, text: "" };
        }
        return answers(instance).length > 0;
      });
      expect(early).toEqual([]);
      expect(answers(instance)).toEqual([LET_IN]);
      expect(log.match(/not yet: \/ask was answered with 404: no such route/g)).toHaveLength(1);
    });

    it("gets no probe before it is healthy", async () => {
      world.loopback.answers["/ask"] = { status: 200, text: "" };
      const instance = world.instanceWith({ probe: probe(), startTimeoutSeconds: 60 });
      await world.follow(instance, () => answers(instance).length > 0);
      expect(world.loopback.requests).toEqual([]);
      expect(answers(instance)).toEqual([GIVEN_UP]);
    });

    it("is abandoned in time when its model hangs, with the failed probe in its log", async () => {
      world.loopback.modelAnswers = true;
      world.loopback.answers["/ask"] = "nothing";
      const instance = world.instanceWith({ probe: probe(), startTimeoutSeconds: 4 });
      const log = await world.follow(instance, () => answers(instance).length > 0);
      expect(answers(instance)).toEqual([GIVEN_UP]);
      expect(log).toContain("not yet: /ask was not answered within 2 s");
      expect(log).toMatch(/does not answer after 4 s \(\/ask was not answered within \d s\): ABANDON/);
    });
  });

  it("is abandoned when its model does not answer in time, with the reason and the server's last lines", async () => {
    const instance = world
      .instanceWith({ startTimeoutSeconds: 60 })
      .fake("docker", 'echo "CUDA out of memory" >&2');
    const log = await world.follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([GIVEN_UP]);
    expect(log).toContain("the model does not answer after 60 s: ABANDON");
    expect(log).toContain("CUDA out of memory");
  });

  it("is abandoned at once when its server cannot be started", async () => {
    const instance = world.instanceWith().fake("systemctl");
    const log = await world.follow(instance, () => answers(instance).length > 0);
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
      world
        .instanceWith({ startTimeoutSeconds: 60 })
        .fake(
          "docker",
          `if [[ $1 == container ]]; then echo ${status}; else echo "CUDA out of memory" >&2; fi`,
        );

    it("for good is abandoned at once, with its last lines", async () => {
      const instance = ended("exited");
      instance.file("last-phase", "ServerStarted 100\n");
      const log = await world.follow(instance, () => answers(instance).length > 0);
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
      const log = await world.follow(instance, () => answers(instance).length > 0);
      expect(log).not.toContain("failed too often");
      expect(log).toContain("the model does not answer after 60 s: ABANDON");
    });
  });

  it("repeats an answer that failed", async () => {
    const instance = world.instanceWith();
    instance.fake(
      "aws",
      `if [[ ! -e '${instance.path("called")}' ]]; then : >'${instance.path("called")}'; exit 254; fi`,
    );
    world.loopback.modelAnswers = true;
    await world.follow(instance, () => answers(instance).length > 1);
    expect(answers(instance)).toEqual([LET_IN, LET_IN]);
  });

  it("says why it cannot answer while its metadata service does not", async () => {
    const instance = world.instanceWith();
    const { values } = world.loopback.metadata;
    const id = values.get("instance-id") ?? "";
    values.delete("instance-id");
    world.loopback.modelAnswers = true;
    const log = await world.follow(instance, () => {
      if (world.turns() > 5) {
        values.set("instance-id", id);
      }
      return answers(instance).length > 0;
    });
    expect(log.match(/lifecycle: model-ready: the metadata service does not answer\n/g)).toHaveLength(1);
    expect(answers(instance)).toEqual([LET_IN]);
  });

  it("answers ever more rarely if no hook waits, as after a reboot in service", async () => {
    const instance = world.instanceWith({ startTimeoutSeconds: 600 });
    instance.fake("aws", 'echo "No active Lifecycle Action found with instance ID" >&2; exit 254');
    world.loopback.modelAnswers = true;
    const looks: number[] = [];
    const log = await world.follow(instance, () => {
      if (answers(instance).length > looks.length) {
        looks.push(world.loopback.metadata.requestCount());
      }
      return looks.length === 5;
    });
    const between = looks.slice(1).map((count, index) => count - (looks[index] ?? 0));
    expect(between.at(-1)).toBeGreaterThan(3 * (between[0] ?? Number.NaN));
    expect(log.match(/No active Lifecycle Action/g)).toHaveLength(1);
  });

  it("lets the AWS CLI try a call several times", async () => {
    const instance = world.instanceWith();
    const variables = "$AWS_RETRY_MODE $AWS_MAX_ATTEMPTS $AWS_METADATA_SERVICE_NUM_ATTEMPTS";
    instance.fake("aws", `echo "${variables}" >'${instance.path("patience")}'`);
    world.loopback.modelAnswers = true;
    await world.follow(instance, quietAfterAnswering(instance));
    expect(instance.read("patience")).toBe("standard 5 5\n");
  });

  it("stops answering after the start timeout when no hook waits, as after a reboot", async () => {
    const instance = world.instanceWith({ startTimeoutSeconds: 60 }).fake("aws", "exit 254");
    world.loopback.modelAnswers = true;
    await expect(world.follow(instance, quietAfterAnswering(instance))).resolves.toContain(
      "the model answers: CONTINUE",
    );
  });

  it("may serve another protocol than HTTP: then a connection is enough", async () => {
    const instance = world.instanceWith({ health: { protocol: "tcp", port: world.loopback.port } });
    await world.follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([LET_IN]);
  });

  it("enters service when its server answers as the load balancer expects, be it with 401", async () => {
    world.loopback.answers["/"] = { status: 401, text: "" };
    const health = { protocol: "http", port: world.loopback.port, path: "/", statuses: "401" } as const;
    const instance = world.instanceWith({ health });
    await world.follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([LET_IN]);
  });

  it("does not enter service if nothing listens", async () => {
    const nobody = await listenOnLoopback();
    await nobody.close();
    const instance = world.instanceWith({
      health: { protocol: "tcp", port: nobody.port },
      startTimeoutSeconds: 60,
    });
    await world.follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([GIVEN_UP]);
  });

  it("answers nothing outside a group", async () => {
    world.loopback.target = undefined;
    world.loopback.modelAnswers = true;
    const instance = world.instanceWith();
    await world.follow(instance, () => world.turns() > 10);
    expect(instance.calls()).toEqual([]);
  });
});
