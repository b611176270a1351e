import { FakeBox } from "./box";
import { type Loopback, listenOnLoopback } from "./model-and-metadata";

jest.setTimeout(20_000);

const boxes: FakeBox[] = [];
let loopback: Loopback;

beforeEach(async () => {
  loopback = await listenOnLoopback("InService");
  loopback.metadata.known.set("instance-life-cycle", "spot");
});
afterEach(() => loopback.close());
afterAll(() => {
  for (const box of boxes) {
    box.remove();
  }
});

/** @param group how many other boxes are well, and the target groups */
function spotBox(group = "2\tarn:one arn:two"): FakeBox {
  const box = new FakeBox().fake("docker").fake("systemctl");
  // What `timeout` was told is noted, and obeyed.
  box.hide("timeout").fake("timeout", `exec '${box.path("hidden-timeout")}' "$@"`);
  boxes.push(box.fake("aws", `if [[ $2 == describe* ]]; then echo '${group}'; fi`));
  return box;
}

const watch = (box: FakeBox, until: () => boolean) =>
  box.runUntil(until, "spot.sh", {
    METADATA_ENDPOINT: `http://127.0.0.1:${loopback.port}`,
    POLL_SECONDS: "0.05",
  });

/** Lets EC2 say that it takes the box back. */
function giveNotice(seconds: number): void {
  const time = new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  loopback.metadata.known.set("spot/instance-action", JSON.stringify({ action: "terminate", time }));
}

const stops = (box: FakeBox) => box.calls("timeout");
const hasStopped = (box: FakeBox) => () => stops(box).length > 0;
const patienceOf = (box: FakeBox) => Number(stops(box)[0]?.[1]);
function passed(seconds: number): () => boolean {
  const started = Date.now();
  return () => Date.now() - started > seconds * 1000;
}

describe("a Spot instance that EC2 takes back", () => {
  it("serves until half a minute before the end, and then stops its server in 20 seconds", async () => {
    const box = spotBox();
    giveNotice(33);
    const started = Date.now();
    const said = await watch(box, hasStopped(box));
    expect(Date.now() - started).toBeGreaterThan(1500);
    expect(stops(box)).toEqual([
      ["timeout", expect.any(String), "systemctl", "stop", "model-server.service"],
    ]);
    expect(box.calls("docker")).toEqual([]);
    expect(patienceOf(box)).toBeGreaterThanOrEqual(19);
    expect(patienceOf(box)).toBeLessThanOrEqual(20);
    expect(said).toMatch(
      /takes this box back: \{"action":"terminate","time":"[^"]+"\}. Its requests have 2[23] s/,
    );
  });

  it("has most of the two minutes for its requests", async () => {
    const box = spotBox();
    giveNotice(120);
    await watch(box, passed(1));
    expect(stops(box)).toEqual([]);
  });

  it("stops its server at once when it hears of it late, and within what is left", async () => {
    const box = spotBox();
    giveNotice(20);
    await watch(box, hasStopped(box));
    expect(patienceOf(box)).toBeGreaterThanOrEqual(8);
    expect(patienceOf(box)).toBeLessThanOrEqual(10);
  });

  it("kills its server when it has not stopped by then", async () => {
    const box = spotBox().fake("systemctl", "sleep 60");
    giveNotice(11);
    const said = await watch(box, () => box.calls("docker").length > 0);
    expect(box.calls("docker")).toEqual([["docker", "kill", "model-server"]]);
    expect(said).not.toContain("no other box");
  });

  it("gives its server a second where nothing is left", async () => {
    const box = spotBox();
    giveNotice(-5);
    await watch(box, hasStopped(box));
    expect(patienceOf(box)).toBe(1);
  });

  it("hears of it though the metadata service was down for a while", async () => {
    const box = spotBox();
    giveNotice(10);
    loopback.metadata.down = true;
    setTimeout(() => {
      loopback.metadata.down = false;
    }, 500);
    await watch(box, hasStopped(box));
    expect(stops(box)).toHaveLength(1);
  });

  it("hears of it later than of the risk", async () => {
    const box = spotBox();
    loopback.metadata.known.set("events/recommendations/rebalance", '{"noticeTime":"2026-01-01T00:00:00Z"}');
    setTimeout(() => giveNotice(10), 500);
    const said = await watch(box, hasStopped(box));
    expect(said).toMatch(/back soon[\s\S]*takes this box back/);
  });
});

describe("the load balancer", () => {
  const left = (box: FakeBox) => box.calls("aws").filter(([, service]) => service === "elbv2");

  it("sends nothing more to a box that EC2 takes back, from the notice on", async () => {
    const box = spotBox();
    giveNotice(120);
    const said = await watch(box, () => left(box).length > 1);
    expect(left(box).map((call) => call.join(" "))).toEqual([
      "aws elbv2 deregister-targets --region eu-west-1 --target-group-arn arn:one --targets Id=i-0123456789abcdef0",
      "aws elbv2 deregister-targets --region eu-west-1 --target-group-arn arn:two --targets Id=i-0123456789abcdef0",
    ]);
    expect(stops(box)).toEqual([]);
    expect(said).toContain("takes this box back");
  });

  it("is left in the end, though AWS first answers nothing", async () => {
    const box = spotBox();
    const [looked, asked] = [box.path("looked"), box.path("asked")];
    box.fake(
      "aws",
      `if [[ $2 == describe* ]]; then
         if [[ ! -e '${looked}' ]]; then : >'${looked}'; exit 254; fi
         echo '2	arn:one'
       elif [[ ! -e '${asked}' ]]; then : >'${asked}'; exit 254; fi`,
    );
    giveNotice(120);
    const said = await watch(box, passed(2));
    expect(left(box)).toHaveLength(2);
    expect(said.match(/sends nothing more/g)).toHaveLength(1);
  });

  it("is left after a look at the box's own group", async () => {
    const box = spotBox();
    giveNotice(120);
    await watch(box, () => left(box).length > 0);
    const [described] = box.calls("aws");
    expect(described?.slice(0, 7).join(" ")).toBe(
      "aws autoscaling describe-auto-scaling-groups --region eu-west-1 --auto-scaling-group-names chat.llama.main",
    );
    expect(described?.at(-1)).toContain("InstanceId!='i-0123456789abcdef0'");
  });

  it("goes on sending to the only box that is well", async () => {
    const box = spotBox("0\tarn:one");
    // Seconds in which it looks at its group before it stops; more than it needs, however busy the machine.
    giveNotice(36);
    const said = await watch(box, hasStopped(box));
    expect(left(box)).toEqual([]);
    expect(said).toContain("spot: no other box is well, so this one takes requests to the end");
  });

  it.each(["exit 254", "sleep 60"])(
    "keeps no box from stopping in time where the call does (%s)",
    async (aws) => {
      const box = spotBox().fake("aws", aws);
      giveNotice(31);
      await watch(box, hasStopped(box));
      expect(patienceOf(box)).toBeGreaterThanOrEqual(17);
    },
  );

  it("is not left after a recommendation alone", async () => {
    const box = spotBox();
    loopback.metadata.known.set("events/recommendations/rebalance", '{"noticeTime":"2026-01-01T00:00:00Z"}');
    await watch(box, passed(1));
    expect(box.calls("aws")).toEqual([]);
  });
});

describe("a server goes on", () => {
  it("after a recommendation, which is said once: the group launches another box first", async () => {
    const box = spotBox();
    loopback.metadata.known.set("events/recommendations/rebalance", '{"noticeTime":"2026-01-01T00:00:00Z"}');
    const said = await watch(box, passed(1));
    expect(said.match(/may take this box back soon: \{"noticeTime"/g)).toHaveLength(1);
    expect(stops(box)).toEqual([]);
  });

  it("on an instance that is none of Spot's", async () => {
    const box = spotBox();
    loopback.metadata.known.set("instance-life-cycle", "on-demand");
    giveNotice(1);
    await watch(box, passed(1));
    expect(stops(box)).toEqual([]);
  });
});
