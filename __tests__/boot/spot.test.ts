import { FakeBox, type Loopback, listenOnLoopback } from "./box";

jest.setTimeout(20_000);

const boxes: FakeBox[] = [];
let loopback: Loopback;

beforeEach(async () => {
  loopback = await listenOnLoopback("InService");
  loopback.metadata["instance-life-cycle"] = "spot";
});
afterEach(() => loopback.close());
afterAll(() => {
  for (const box of boxes) {
    box.remove();
  }
});

function spotBox(): FakeBox {
  const box = new FakeBox().fake("docker");
  boxes.push(box);
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
  loopback.metadata["spot/instance-action"] = JSON.stringify({ action: "terminate", time });
}

const stops = (box: FakeBox) => box.calls("docker");
const hasStopped = (box: FakeBox) => () => stops(box).length > 0;
const patienceOf = (box: FakeBox) => Number(stops(box)[0]?.[3]);
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
    expect(stops(box)).toEqual([["docker", "stop", "-t", expect.any(String), "model-server"]]);
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

  it("gives its server a second where nothing is left", async () => {
    const box = spotBox();
    giveNotice(-5);
    await watch(box, hasStopped(box));
    expect(patienceOf(box)).toBe(1);
  });

  it("hears of it though the metadata service was down for a while", async () => {
    const box = spotBox();
    giveNotice(10);
    loopback.metadataAnswers = false;
    setTimeout(() => {
      loopback.metadataAnswers = true;
    }, 500);
    await watch(box, hasStopped(box));
    expect(stops(box)).toHaveLength(1);
  });

  it("hears of it later than of the risk", async () => {
    const box = spotBox();
    loopback.metadata["events/recommendations/rebalance"] = '{"noticeTime":"2026-01-01T00:00:00Z"}';
    setTimeout(() => giveNotice(10), 500);
    const said = await watch(box, hasStopped(box));
    expect(said).toMatch(/back soon[\s\S]*takes this box back/);
  });
});

describe("a server goes on", () => {
  it("after a recommendation, which is said once: the group launches another box first", async () => {
    const box = spotBox();
    loopback.metadata["events/recommendations/rebalance"] = '{"noticeTime":"2026-01-01T00:00:00Z"}';
    const said = await watch(box, passed(1));
    expect(said.match(/may take this box back soon: \{"noticeTime"/g)).toHaveLength(1);
    expect(stops(box)).toEqual([]);
  });

  it("on an instance that is none of Spot's", async () => {
    const box = spotBox();
    loopback.metadata["instance-life-cycle"] = "on-demand";
    giveNotice(1);
    await watch(box, passed(1));
    expect(stops(box)).toEqual([]);
  });
});
