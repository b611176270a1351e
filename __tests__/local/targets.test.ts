import type { TargetGroupModel } from "../../simulation/model";
import { askHttp2, http2Client } from "../support/http2-client";
import { Story } from "../support/local-story";
import { deployment, group, listener, loadBalancer, region, targetGroup } from "../support/simulated";

jest.setTimeout(120_000);

let story: Story;
afterEach(() => story.end());

const GRPC = { ":method": "POST", "content-type": "application/grpc", te: "trailers" } as const;

const MESSAGE = Buffer.alloc(5);

async function serving(told: Partial<TargetGroupModel>): Promise<void> {
  const secure = listener({ port: 443, protocol: "HTTPS", tls: { oldest: "1.2", newest: "1.3" } });
  const model = region({
    loadBalancers: [loadBalancer({ listeners: [secure] })],
    targetGroups: [targetGroup(told)],
    groups: [group()],
  });
  story = await Story.begin(deployment({ regions: [model] }));
}

/** With the default health check of a target group of gRPC. */
function grpc(told: Partial<TargetGroupModel["healthCheck"]> = {}): Partial<TargetGroupModel> {
  const { healthCheck } = targetGroup();
  const check = { path: "/AWS.ALB/healthcheck", statuses: [[12, 12]] as const };
  return { protocolVersion: "GRPC", healthCheck: { ...healthCheck, ...check, ...told } };
}

it.each(["HTTP", "HTTPS"] as const)("speaks HTTP/2 over %s to targets that take it", async (protocol) => {
  await serving({ protocol, protocolVersion: "HTTP2" });
  const session = http2Client(story.port, story.authority);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      askHttp2(
        session,
        { ":path": "/v1/completions", ":method": "POST" },
        JSON.stringify({ prompt: "x", max_tokens: 50, stream: true }),
      ),
    ),
  );
  // By cause: which one is not seen from outside.
  expect(Object.fromEntries(story.run.events.counts)).toEqual({ "200": 20 });
  for (const { headers, body } of answers) {
    expect([headers[":status"], body.toString().includes("[DONE]")]).toEqual([200, true]);
  }
  session.close();
  expect((await story.ask({ path: "/v1/models" })).status).toBe(464);
});

it("speaks TLS to targets, whatever their certificate", async () => {
  await serving({ protocol: "HTTPS" });
  expect((await story.ask({ path: "/v1/models" })).status).toBe(200);
  expect(story.run.machines.all.next().value?.server.port).toBeGreaterThan(0);
});

it("passes calls of gRPC on with their trailers, those that end with their head too", async () => {
  await serving(grpc());
  const session = http2Client(story.port, story.authority);
  const ready = await askHttp2(
    session,
    { ...GRPC, ":path": "/inference.GRPCInferenceService/ServerReady" },
    MESSAGE,
  );
  expect([ready.headers[":status"], ready.trailers["grpc-status"]]).toEqual([200, "0"]);
  expect([...ready.body]).toEqual([0, 0, 0, 0, 2, 8, 1]);
  const unknown = await askHttp2(session, { ...GRPC, ":path": "/some.Service/Method" }, MESSAGE);
  expect([unknown.headers["grpc-status"], unknown.body.length]).toEqual(["12", 0]);
  session.close();
});

it("answers 464 where a client and a target group do not fit", async () => {
  await serving(grpc());
  const session = http2Client(story.port, story.authority);
  expect((await askHttp2(session, { ":path": "/" })).headers[":status"]).toBe(464);
  expect((await story.ask({ path: "/" })).status).toBe(464);
  session.close();
  story.end();
  await serving({});
  const other = http2Client(story.port, story.authority);
  const refused = await askHttp2(other, { ...GRPC, ":path": "/some.Service/Method" }, MESSAGE);
  expect(refused.headers[":status"]).toBe(464);
  expect(story.run.events.counts.get("464 the target group does not take gRPC")).toBe(1);
  other.close();
});

it("checks the health of gRPC by its status, of which 0 is one", async () => {
  await serving(grpc({ path: "/grpc.health.v1.Health/Check", statuses: [[0, 0]] }));
  expect(story.group.inService).toBe(3);
  await story.do("hang", "i-1");
  await story.until(() => story.when(/^unhealthy in a for a, after no answer/, "i-1") !== undefined);
});

it("answers 502 of HTTP to a call of gRPC whose target is gone", async () => {
  await serving(grpc());
  for (const id of story.ids()) {
    await story.do("kill", id);
  }
  const session = http2Client(story.port, story.authority);
  const { headers } = await askHttp2(session, { ...GRPC, ":path": "/some.Service/Method" }, MESSAGE);
  expect([headers[":status"], headers.server]).toEqual([502, "awselb/2.0"]);
  session.close();
});

it("leaves no connection and no port behind, also not of requests that still run", async () => {
  const open = () => process.getActiveResourcesInfo().filter((each) => /^(?:TCP|TLS)/.test(each)).length;
  const before = open();
  await serving({ protocol: "HTTPS", protocolVersion: "HTTP2" });
  const session = http2Client(story.port, story.authority);
  const stream = session.request({ ":path": "/v1/completions", ":method": "POST" });
  stream.on("error", () => undefined);
  stream.end(JSON.stringify({ prompt: "x", max_tokens: 50_000, stream: true }));
  await new Promise((resolve) => stream.once("data", resolve));
  expect(open()).toBeGreaterThan(before);
  const closed = new Promise((resolve) => session.once("close", resolve));
  story.end();
  await closed;
  await story.until(() => open() <= before);
});
