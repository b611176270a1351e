import { FakeInstance } from "./instance";
import { type Loopback, listenOnLoopback } from "./model-and-metadata";
import { loadBalancer, sockets } from "./sockets";

const instances: FakeInstance[] = [];
let loopback: Loopback;

beforeEach(async () => {
  loopback = await listenOnLoopback("InService");
  loopback.metadata.values.set("instance-life-cycle", "spot");
});
afterEach(() => loopback.close());
afterAll(() => {
  for (const instance of instances) {
    instance.remove();
  }
});

/** @param group the number of other healthy instances, and the target groups */
function spotInstance(group = "2\tarn:one arn:two"): FakeInstance {
  const instance = new FakeInstance().fake("docker").fake("systemctl");
  // The fake records the calls of `timeout`, and runs the real one.
  instance.hide("timeout").fake("timeout", `exec '${instance.path("hidden-timeout")}' "$@"`);
  instances.push(instance.fake("aws", `if [[ $2 == describe* ]]; then echo '${group}'; fi`));
  return instance;
}

const environment = () => ({
  METADATA_ENDPOINT: `http://127.0.0.1:${loopback.port}`,
  POLL_SECONDS: "0.05",
});

const watch = (instance: FakeInstance, until: (log: string) => boolean) =>
  instance.runUntil(until, "spot.sh", environment());

/** Lets EC2 give notice that it takes the instance back. @returns when it does, a whole second */
function giveNotice(seconds: number): number {
  const time = new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  loopback.metadata.values.set("spot/instance-action", JSON.stringify({ action: "terminate", time }));
  return Date.parse(time);
}

const stops = (instance: FakeInstance) => instance.calls("timeout");
const hasStopped = (instance: FakeInstance) => () => stops(instance).length > 0;
const patienceOf = (instance: FakeInstance) => Number(stops(instance)[0]?.[1]);
/** The script has asked for news many times since the log said so. */
function isAskedAgainAfter(said: string): (log: string) => boolean {
  let enough = Number.POSITIVE_INFINITY;
  return (log) => {
    if (enough === Number.POSITIVE_INFINITY && log.includes(said)) {
      enough = loopback.metadata.requestCount() + 20;
    }
    return loopback.metadata.requestCount() >= enough;
  };
}

describe("a Spot instance that EC2 takes back", () => {
  it("serves until half a minute before the end, and then stops its server in 20 seconds", async () => {
    const instance = spotInstance();
    const end = giveNotice(33);
    const started = Date.now();
    const log = await watch(instance, hasStopped(instance));
    expect(Date.now() - started).toBeGreaterThan(1500);
    // It has had no more time since than has passed until now.
    const left = (end - Date.now()) / 1000 - 10;
    expect(stops(instance)).toEqual([
      ["timeout", expect.any(String), "systemctl", "stop", "model-server.service"],
    ]);
    expect(instance.calls("docker")).toEqual([]);
    expect(patienceOf(instance)).toBeGreaterThanOrEqual(Math.floor(left));
    expect(patienceOf(instance)).toBeLessThanOrEqual(20);
    expect(log).toMatch(
      /takes this instance back: \{"action":"terminate","time":"[^"]+"\}. Its requests have (1\d|2[0-3]) s/,
    );
  });

  it("has most of the two minutes for its requests", async () => {
    const instance = spotInstance();
    giveNotice(120);
    const log = await watch(instance, (soFar) => soFar.includes("sends no new requests"));
    expect(log).toMatch(/Its requests have (9\d|10\d|110) s to finish/);
    expect(stops(instance)).toEqual([]);
  });

  it("stops its server at once after a late notice, and within the time left", async () => {
    const instance = spotInstance();
    giveNotice(20);
    const log = await watch(instance, hasStopped(instance));
    // On a busy machine the script may be late to see the notice, but not to act on it.
    const [, seen] = /Its requests have (\d+) s to finish/.exec(log) ?? [];
    expect(patienceOf(instance)).toBeGreaterThanOrEqual(Number(seen) - 3);
    expect(patienceOf(instance)).toBeLessThanOrEqual(Math.min(10, Number(seen)));
  });

  it("kills its server if it has not stopped by then", async () => {
    const instance = spotInstance().fake("systemctl", "sleep 60");
    giveNotice(11);
    const log = await watch(instance, () => instance.calls("docker").length > 0);
    expect(instance.calls("docker")).toEqual([["docker", "kill", "model-server"]]);
    expect(log).not.toContain("no other instance");
  });

  it("says how many connections the notice has cut", async () => {
    const instance = spotInstance().fake("systemctl", "sleep 60");
    sockets(instance, loadBalancer(8000), loadBalancer(8000), loadBalancer(9000));
    giveNotice(11);
    const { log } = await instance.runToEnd("spot.sh", environment());
    expect(log).toContain("spot: the server gets its stop signal with 2 open connections\n");
    expect(log).toContain("spot: the spot notice has cut 2 connections");
  });

  it("has cut none if its server has stopped in time", async () => {
    const instance = spotInstance();
    sockets(instance, loadBalancer(8000));
    giveNotice(11);
    const { log } = await instance.runToEnd("spot.sh", environment());
    expect(log).toContain("with 1 open connections");
    expect(log).not.toContain("has cut");
  });

  it("gives its server a second if no time is left", async () => {
    const instance = spotInstance();
    giveNotice(-5);
    await watch(instance, hasStopped(instance));
    expect(patienceOf(instance)).toBe(1);
  });

  it("gets the notice although the metadata service was down for a while", async () => {
    const instance = spotInstance();
    giveNotice(10);
    loopback.metadata.down = true;
    setTimeout(() => {
      loopback.metadata.down = false;
    }, 500);
    await watch(instance, hasStopped(instance));
    expect(stops(instance)).toHaveLength(1);
  });

  it("gets the notice after a rebalance recommendation", async () => {
    const instance = spotInstance();
    loopback.metadata.values.set("events/recommendations/rebalance", '{"noticeTime":"2026-01-01T00:00:00Z"}');
    let isNoticed = false;
    const log = await watch(instance, (soFar) => {
      if (!isNoticed && soFar.includes("back soon")) {
        giveNotice(10);
        isNoticed = true;
      }
      return hasStopped(instance)();
    });
    expect(log).toMatch(/back soon[\s\S]*takes this instance back/);
  });
});

describe("its target group", () => {
  const left = (instance: FakeInstance) => instance.calls("aws").filter(([, service]) => service === "elbv2");

  it("is left from the notice on", async () => {
    const instance = spotInstance();
    giveNotice(120);
    const log = await watch(instance, () => left(instance).length > 1);
    expect(left(instance).map((call) => call.join(" "))).toEqual([
      "aws elbv2 deregister-targets --region eu-west-1 --target-group-arn arn:one --targets Id=i-0123456789abcdef0",
      "aws elbv2 deregister-targets --region eu-west-1 --target-group-arn arn:two --targets Id=i-0123456789abcdef0",
    ]);
    expect(stops(instance)).toEqual([]);
    expect(log).toContain("takes this instance back");
  });

  it("is left in the end, although the calls to AWS fail at first", async () => {
    const instance = spotInstance();
    const [described, deregistered] = [instance.path("described"), instance.path("deregistered")];
    instance.fake(
      "aws",
      `if [[ $2 == describe* ]]; then
         if [[ ! -e '${described}' ]]; then : >'${described}'; exit 254; fi
         echo '2	arn:one'
       elif [[ ! -e '${deregistered}' ]]; then : >'${deregistered}'; exit 254; fi`,
    );
    giveNotice(120);
    const log = await watch(instance, (soFar) => soFar.includes("sends no new requests"));
    expect(left(instance)).toHaveLength(2);
    expect(log.match(/sends no new requests/g)).toHaveLength(1);
  });

  it("is left after a check of the instance's own group", async () => {
    const instance = spotInstance();
    giveNotice(120);
    await watch(instance, () => left(instance).length > 0);
    const [described] = instance.calls("aws");
    expect(described?.slice(0, 7).join(" ")).toBe(
      "aws autoscaling describe-auto-scaling-groups --region eu-west-1 --auto-scaling-group-names chat.llama.main",
    );
    expect(described?.at(-1)).toContain("InstanceId!='i-0123456789abcdef0'");
  });

  it("keeps the only healthy instance", async () => {
    const instance = spotInstance("0\tarn:one");
    // Leaves seconds for the check of its group before it stops: more than it needs, even on a busy machine.
    giveNotice(36);
    const log = await watch(instance, hasStopped(instance));
    expect(left(instance)).toEqual([]);
    expect(log).toContain("spot: no other instance is healthy, so this one takes requests to the end");
  });

  it.each(["exit 254", "sleep 60"])(
    "does not delay the stop if the call to AWS fails or hangs (%s)",
    async (aws) => {
      const instance = spotInstance().fake("aws", aws);
      giveNotice(31);
      await watch(instance, hasStopped(instance));
      expect(patienceOf(instance)).toBeGreaterThanOrEqual(17);
    },
  );

  it("is not left after a recommendation alone", async () => {
    const instance = spotInstance();
    loopback.metadata.values.set("events/recommendations/rebalance", '{"noticeTime":"2026-01-01T00:00:00Z"}');
    await watch(instance, isAskedAgainAfter("back soon"));
    expect(instance.calls("aws")).toEqual([]);
  });
});

describe("a server keeps running", () => {
  it("after a rebalance recommendation, which is logged once: the group launches another instance first", async () => {
    const instance = spotInstance();
    loopback.metadata.values.set("events/recommendations/rebalance", '{"noticeTime":"2026-01-01T00:00:00Z"}');
    const log = await watch(instance, isAskedAgainAfter("back soon"));
    expect(log.match(/may take this instance back soon: \{"noticeTime"/g)).toHaveLength(1);
    expect(stops(instance)).toEqual([]);
  });

  it("on an On-Demand instance", async () => {
    const instance = spotInstance();
    loopback.metadata.values.set("instance-life-cycle", "on-demand");
    giveNotice(1);
    expect(await instance.runToEnd("spot.sh", environment())).toEqual({ status: 0, log: "" });
    expect(stops(instance)).toEqual([]);
  });
});
