import { existsSync } from "node:fs";
import { connect as connectTls, type SecureVersion, type TLSSocket } from "node:tls";
import type { ActionModel, ListenerModel } from "../../simulation/model";
import { askHttp2, http2Client } from "../support/http2-client";
import { Story } from "../support/local-story";
import { deployment, group, listener, loadBalancer, region } from "../support/simulated";

jest.setTimeout(120_000);

let story: Story;
afterEach(() => story.end());

const FIXED: ActionModel = { type: "fixed-response", status: 418, contentType: "text/plain", body: "tea" };

async function serving(told: Partial<ListenerModel> = {}): Promise<void> {
  const secure = listener({
    ...{ port: 443, protocol: "HTTPS", tls: { oldest: "1.2", newest: "1.3" } },
    rules: [
      {
        ...{ address: "rule", priority: 1, action: FIXED },
        conditions: [{ field: "path", values: ["/fixed"], regex: false }],
      },
    ],
    ...told,
  });
  const model = region({ loadBalancers: [loadBalancer({ listeners: [secure] })], groups: [group()] });
  story = await Story.begin(deployment({ regions: [model] }));
}

/** @returns the version and the protocol that a handshake ends with */
function handshake(options: { maxVersion?: SecureVersion; ALPNProtocols?: string[]; servername?: string }) {
  return new Promise<readonly [string | null, string | false | null]>((resolve, reject) => {
    const socket: TLSSocket = connectTls(
      { port: story.port, host: "127.0.0.1", ca: story.authority, ...options },
      () => {
        resolve([socket.getProtocol(), socket.alpnProtocol]);
        socket.destroy();
      },
    );
    socket.on("error", reject);
  });
}

it("speaks TLS with a certificate of its own authority, in the versions of the listener's policy", async () => {
  await serving();
  expect(await handshake({ ALPNProtocols: ["h2", "http/1.1"] })).toEqual(["TLSv1.3", "h2"]);
  expect(await handshake({ maxVersion: "TLSv1.2", servername: "localhost" })).toEqual(["TLSv1.2", false]);
  await expect(handshake({ servername: "other.example.com" })).rejects.toThrow("does not match");
  story.end();
  await serving({ tls: { oldest: "1.3", newest: "1.3" } });
  await expect(handshake({ maxVersion: "TLSv1.2" })).rejects.toThrow("protocol version");
  story.end();
  await serving({ tls: { oldest: "1.2", newest: "1.2" } });
  expect(await handshake({})).toEqual(["TLSv1.2", false]);
});

it("leaves nothing behind of its authority", async () => {
  await serving();
  const file = story.run.authority.made?.file ?? "";
  expect(existsSync(file)).toBe(true);
  story.end();
  expect(existsSync(file)).toBe(false);
});

it("serves clients of HTTP/1.1 and of HTTP/2 at one port, and tells targets which scheme they used", async () => {
  await serving();
  expect((await story.ask({ path: "/fixed" })).status).toBe(418);
  const session = http2Client(story.port, story.authority);
  const fixed = await askHttp2(session, { ":path": "/fixed" });
  expect([fixed.headers[":status"], fixed.headers.server, fixed.body.toString()]).toEqual([
    418,
    "awselb/2.0",
    "tea",
  ]);
  const head = await askHttp2(session, { ":path": "/fixed", ":method": "HEAD" });
  expect([head.headers[":status"], head.body.length]).toEqual([418, 0]);
  const models = await askHttp2(session, { ":path": "/v1/models" });
  expect(JSON.parse(models.body.toString()).object).toBe("list");
  const many = await Promise.all(
    Array.from({ length: 100 }, () =>
      askHttp2(
        session,
        { ":path": "/v1/completions", ":method": "POST", "content-type": "application/json" },
        JSON.stringify({ prompt: "x", max_tokens: 3 }),
      ),
    ),
  );
  expect(many.map(({ headers }) => headers[":status"])).toEqual(Array.from({ length: 100 }, () => 200));
  session.close();
});

it("does not hold back a stream of HTTP/2, and counts 460 when the client resets it", async () => {
  await serving();
  const session = http2Client(story.port, story.authority);
  const stream = session.request({ ":path": "/v1/completions", ":method": "POST" });
  stream.end(JSON.stringify({ prompt: "x", max_tokens: 50_000, stream: true }));
  await new Promise((resolve) => stream.once("data", resolve));
  expect(story.run.exchanges.size).toBe(1);
  stream.close();
  await story.until(() => story.run.exchanges.size === 0);
  expect(story.run.events.counts.get("460 the client went first")).toBe(1);
  session.close();
});

it("takes headers of 60 KB of HTTP/2, and refuses those of more than 64 KB", async () => {
  await serving();
  const session = http2Client(story.port, story.authority);
  const fixed = async (size: number) => {
    const part = "x".repeat(size / 2);
    return (await askHttp2(session, { ":path": "/fixed", "x-one": part, "x-two": part })).headers[":status"];
  };
  expect(await fixed(60 * 1024)).toBe(418);
  const refused = await fixed(70 * 1024).catch(({ code }) => code);
  expect(refused).toBe("ERR_HTTP2_STREAM_ERROR");
  session.close();
});
