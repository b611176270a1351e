import { FakeInstance } from "./instance";
import { type Loopback, listenOnLoopback } from "./model-and-metadata";

jest.setTimeout(20_000);

const instances: FakeInstance[] = [];
let loopback: Loopback;

beforeEach(async () => {
  loopback = await listenOnLoopback("InService");
  loopback.metadata.known.set("instance-life-cycle", "spot");
});
afterEach(() => loopback.close());
afterAll(() => {
  for (const instance of instances) {
    instance.remove();
  }
});

/** @param group how many other instances are well, and the target groups */
function spotInstance(group = "2\tarn:one arn:two"): FakeInstance {
  const instance = new FakeInstance().fake("docker").fake("systemctl");
  // What `timeout` was told is noted, and obeyed.
  instance.hide("timeout").fake("timeout", `exec '${instance.path("hidden-timeout")}' "$@"`);
  instances.push(instance.fake("aws", `if [[ $2 == describe* ]]; then echo '${group}'; fi`));
  return instance;
}

const watch = (instance: FakeInstance, until: () => boolean) =>
  instance.runUntil(until, "spot.sh", {
    METADATA_ENDPOINT: `http://127.0.0.1:${loopback.port}`,
    POLL_SECONDS: "0.05",
  });

/** Lets EC2 say that it takes the instance back. */
function giveNotice(seconds: number): void {
  const time = new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  loopback.metadata.known.set("spot/instance-action", JSON.stringify({ action: "terminate", time }));
}

const stops = (instance: FakeInstance) => instance.calls("timeout");
const hasStopped = (instance: FakeInstance) => () => stops(instance).length > 0;
const patienceOf = (instance: FakeInstance) => Number(stops(instance)[0]?.[1]);
function passed(seconds: number): () => boolean {
  const started = Date.now();
  return () => Date.now() - started > seconds * 1000;
}

describe("a Spot instance that EC2 takes back", () => {
  it("serves until half a minute before the end, and then stops its server in 20 seconds", async () => {
    const instance = spotInstance();
    giveNotice(33);
    const started = Date.now();
    const said = await watch(instance, hasStopped(instance));
    expect(Date.now() - started).toBeGreaterThan(1500);
    expect(stops(instance)).toEqual([
      ["timeout", expect.any(String), "systemctl", "stop", "model-server.service"],
    ]);
    expect(instance.calls("docker")).toEqual([]);
    expect(patienceOf(instance)).toBeGreaterThanOrEqual(19);
    expect(patienceOf(instance)).toBeLessThanOrEqual(20);
    expect(said).toMatch(
      /takes this instance back: \{"action":"terminate","time":"[^"]+"\}. Its requests have 2[23] s/,
    );
  });

  it("has most of the two minutes for its requests", async () => {
    const instance = spotInstance();
    giveNotice(120);
    await watch(instance, passed(1));
    expect(stops(instance)).toEqual([]);
  });

  it("stops its server at once when it hears of it late, and within what is left", async () => {
    const instance = spotInstance();
    giveNotice(20);
    await watch(instance, hasStopped(instance));
    expect(patienceOf(instance)).toBeGreaterThanOrEqual(8);
    expect(patienceOf(instance)).toBeLessThanOrEqual(10);
  });

  it("kills its server when it has not stopped by then", async () => {
    const instance = spotInstance().fake("systemctl", "sleep 60");
    giveNotice(11);
    const said = await watch(instance, () => instance.calls("docker").length > 0);
    expect(instance.calls("docker")).toEqual([["docker", "kill", "model-server"]]);
    expect(said).not.toContain("no other instance");
  });

  it("gives its server a second where nothing is left", async () => {
    const instance = spotInstance();
    giveNotice(-5);
    await watch(instance, hasStopped(instance));
    expect(patienceOf(instance)).toBe(1);
  });

  it("hears of it though the metadata service was down for a while", async () => {
    const instance = spotInstance();
    giveNotice(10);
    loopback.metadata.down = true;
    setTimeout(() => {
      loopback.metadata.down = false;
    }, 500);
    await watch(instance, hasStopped(instance));
    expect(stops(instance)).toHaveLength(1);
  });

  it("hears of it later than of the risk", async () => {
    const instance = spotInstance();
    loopback.metadata.known.set("events/recommendations/rebalance", '{"noticeTime":"2026-01-01T00:00:00Z"}');
    setTimeout(() => giveNotice(10), 500);
    const said = await watch(instance, hasStopped(instance));
    expect(said).toMatch(/back soon[\s\S]*takes this instance back/);
  });
});

describe("the load balancer", () => {
  const left = (instance: FakeInstance) => instance.calls("aws").filter(([, service]) => service === "elbv2");

  it("sends nothing more to an instance that EC2 takes back, from the notice on", async () => {
    const instance = spotInstance();
    giveNotice(120);
    const said = await watch(instance, () => left(instance).length > 1);
    expect(left(instance).map((call) => call.join(" "))).toEqual([
      "aws elbv2 deregister-targets --region eu-west-1 --target-group-arn arn:one --targets Id=i-0123456789abcdef0",
      "aws elbv2 deregister-targets --region eu-west-1 --target-group-arn arn:two --targets Id=i-0123456789abcdef0",
    ]);
    expect(stops(instance)).toEqual([]);
    expect(said).toContain("takes this instance back");
  });

  it("is left in the end, though AWS first answers nothing", async () => {
    const instance = spotInstance();
    const [looked, asked] = [instance.path("looked"), instance.path("asked")];
    instance.fake(
      "aws",
      `if [[ $2 == describe* ]]; then
         if [[ ! -e '${looked}' ]]; then : >'${looked}'; exit 254; fi
         echo '2	arn:one'
       elif [[ ! -e '${asked}' ]]; then : >'${asked}'; exit 254; fi`,
    );
    giveNotice(120);
    const said = await watch(instance, passed(2));
    expect(left(instance)).toHaveLength(2);
    expect(said.match(/sends nothing more/g)).toHaveLength(1);
  });

  it("is left after a look at the instance's own group", async () => {
    const instance = spotInstance();
    giveNotice(120);
    await watch(instance, () => left(instance).length > 0);
    const [described] = instance.calls("aws");
    expect(described?.slice(0, 7).join(" ")).toBe(
      "aws autoscaling describe-auto-scaling-groups --region eu-west-1 --auto-scaling-group-names chat.llama.main",
    );
    expect(described?.at(-1)).toContain("InstanceId!='i-0123456789abcdef0'");
  });

  it("goes on sending to the only instance that is well", async () => {
    const instance = spotInstance("0\tarn:one");
    // Seconds in which it looks at its group before it stops; more than it needs, however busy the machine.
    giveNotice(36);
    const said = await watch(instance, hasStopped(instance));
    expect(left(instance)).toEqual([]);
    expect(said).toContain("spot: no other instance is well, so this one takes requests to the end");
  });

  it.each(["exit 254", "sleep 60"])(
    "keeps no instance from stopping in time where the call does (%s)",
    async (aws) => {
      const instance = spotInstance().fake("aws", aws);
      giveNotice(31);
      await watch(instance, hasStopped(instance));
      expect(patienceOf(instance)).toBeGreaterThanOrEqual(17);
    },
  );

  it("is not left after a recommendation alone", async () => {
    const instance = spotInstance();
    loopback.metadata.known.set("events/recommendations/rebalance", '{"noticeTime":"2026-01-01T00:00:00Z"}');
    await watch(instance, passed(1));
    expect(instance.calls("aws")).toEqual([]);
  });
});

describe("a server goes on", () => {
  it("after a recommendation, which is said once: the group launches another instance first", async () => {
    const instance = spotInstance();
    loopback.metadata.known.set("events/recommendations/rebalance", '{"noticeTime":"2026-01-01T00:00:00Z"}');
    const said = await watch(instance, passed(1));
    expect(said.match(/may take this instance back soon: \{"noticeTime"/g)).toHaveLength(1);
    expect(stops(instance)).toEqual([]);
  });

  it("on an instance that is none of Spot's", async () => {
    const instance = spotInstance();
    loopback.metadata.known.set("instance-life-cycle", "on-demand");
    giveNotice(1);
    await watch(instance, passed(1));
    expect(stops(instance)).toEqual([]);
  });
});
