import type { FakeInstance } from "../instance";
import { loadBalancer, sockets } from "../sockets";
import { answers, hookedInstances, LET_GO, LET_IN } from "./hooked-instance";

const world = hookedInstances();

describe("on its way out, an instance", () => {
  const words = (instance: FakeInstance) =>
    instance.calls().map(([program, first, second]) => [program, first, second].join(" "));

  it("stops its server and then completes its hook", async () => {
    world.loopback.target = "Terminated";
    const instance = world.instanceWith();
    const log = await world.follow(instance, () => answers(instance).length > 0);
    expect(log).toContain("lifecycle: the server has stopped: CONTINUE\n");
    expect(words(instance)).toEqual([
      "aws autoscaling record-lifecycle-action-heartbeat",
      "systemctl stop model-server.service",
      "aws autoscaling complete-lifecycle-action",
    ]);
    expect(answers(instance)).toEqual([LET_GO]);
  });

  it("keeps serving until its hook waits, which is when the load balancer has drained it", async () => {
    world.loopback.target = "Terminated";
    const instance = world.instanceWith();
    instance.fake(
      "aws",
      `if [[ $2 == record-lifecycle-action-heartbeat && ! -e '${instance.path("waiting")}' ]]; then
         echo "No active Lifecycle Action found" >&2
         exit 255
       fi`,
    );
    let early: unknown;
    const log = await world.follow(instance, () => {
      if (early === undefined && instance.calls("aws").length > 2) {
        early = instance.calls("systemctl");
        instance.file("waiting", "");
      }
      return answers(instance).length > 0;
    });
    expect(early).toEqual([]);
    expect(answers(instance)).toEqual([LET_GO]);
    expect(instance.calls("aws").length).toBeGreaterThan(3);
    expect(log.match(/lifecycle: server-stopped: No active Lifecycle Action found\n/g)).toHaveLength(1);
  });

  describe("that has drained", () => {
    /** The log of an instance whose hook waits after a dozen looks, and which has these connections open until then. */
    async function drained(drainSeconds: number, ...lines: readonly string[]): Promise<string> {
      world.loopback.target = "Terminated";
      const instance = world.instanceWith({ port: 8000, drainSeconds });
      sockets(instance, ...lines);
      instance.fake(
        "aws",
        `if [[ $2 == record-lifecycle-action-heartbeat && ! -e '${instance.path("waiting")}' ]]; then exit 255; fi`,
      );
      return world.follow(instance, () => {
        if (world.turns() > 12 && !instance.has("waiting")) {
          sockets(instance);
          instance.file("waiting", "");
        }
        return answers(instance).length > 0;
      });
    }
    const open = [loadBalancer(8000), loadBalancer(8000)];

    it("for as long as the load balancer waits says how many connections that has cut", async () => {
      expect(await drained(11, ...open)).toContain(
        "lifecycle: the deregistration delay of 11 s has cut up to 2 connections\n",
      );
    });

    it("earlier has lost no request", async () => {
      expect(await drained(600, ...open)).not.toContain("has cut");
    });

    it("without a connection has lost no request", async () => {
      expect(await drained(11, loadBalancer(9000))).not.toContain("has cut");
    });
  });

  it("leaves while it starts", async () => {
    const instance = world.instanceWith();
    await world.follow(instance, () => {
      if (world.turns() > 5) {
        world.loopback.target = "Terminated";
      }
      return answers(instance).length > 0;
    });
    expect(answers(instance)).toEqual([LET_GO]);
  });

  it("makes its hook wait while its server stops", async () => {
    world.loopback.target = "Terminated";
    const instance = world.instanceWith({ terminateTimeoutSeconds: 60 });
    instance
      .fake("systemctl", `until [[ -e '${instance.path("stopped")}' ]]; do sleep 0.05; done`)
      .real("sleep");
    const heartbeats = () =>
      instance.calls("aws").filter(([, , call]) => call === "record-lifecycle-action-heartbeat").length;
    let early: unknown;
    await world.follow(instance, () => {
      if (early === undefined && heartbeats() > 2) {
        early = answers(instance);
        instance.file("stopped", "");
      }
      return answers(instance).length > 0;
    });
    expect(early).toEqual([]);
    expect(answers(instance)).toEqual([LET_GO]);
  });

  it("completes its hook when the time of a server that does not stop is over", async () => {
    world.loopback.target = "Terminated";
    const instance = world.instanceWith({ terminateTimeoutSeconds: 1 });
    instance.fake("systemctl", "sleep 5").real("sleep");
    const log = await world.follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([LET_GO]);
    expect(log).toContain("lifecycle: the server has not stopped cleanly within 1 s: CONTINUE\n");
  });

  it("completes its hook although its server did not stop cleanly", async () => {
    world.loopback.target = "Terminated";
    const instance = world.instanceWith().fake("systemctl", "exit 1");
    const log = await world.follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([LET_GO]);
    expect(log).not.toContain("the server has stopped");
  });
});

describe("with a warm pool, an instance", () => {
  it("completes the hook into the pool, into service and back", async () => {
    const instance = world.instanceWith();
    world.loopback.modelAnswers = true;
    world.loopback.target = "Warmed:Running";
    await world.follow(instance, () => {
      const given = answers(instance).length;
      world.loopback.target = given === 0 ? "Warmed:Running" : given === 1 ? "InService" : "Warmed:Running";
      return given === 3;
    });
    expect(answers(instance)).toEqual([LET_IN, LET_IN, LET_GO]);
    expect(instance.calls("systemctl")).toEqual([]);
  });

  it("leaves from the pool as from service", async () => {
    world.loopback.target = "Warmed:Terminated";
    const instance = world.instanceWith();
    await world.follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([LET_GO]);
  });
});
