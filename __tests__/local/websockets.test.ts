import { createHash } from "node:crypto";
import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import type { AnyServer } from "../../local/model-server/any-server";
import type { TargetGroupModel } from "../../simulation/model";
import { Story } from "../support/local-story";
import { deployment, group, region, targetGroup } from "../support/simulated";

jest.setTimeout(120_000);

let story: Story;
afterEach(() => story.end());

/** Source: RFC 6455, section 1.3. */
const acceptOf = (key: string) =>
  createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");

/** Agrees to an upgrade at `/socket`, greets, and sends back what it gets. */
function socketServer(): AnyServer {
  const open = new Set<Duplex>();
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => response.end(`plain ${Buffer.concat(chunks)}`));
  });
  server.on("connection", (socket) => open.add(socket));
  server.on("upgrade", (incoming, socket, head) => {
    if (incoming.url !== "/socket") {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
      return;
    }
    const key = acceptOf(String(incoming.headers["sec-websocket-key"]));
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\nhello `,
    );
    socket.write(head);
    socket.pipe(socket);
  });
  const kill = () => {
    server.close();
    for (const socket of open) {
      socket.destroy();
    }
  };
  return {
    ...{ host: "127.0.0.1", waiting: undefined, loadsItself: false, isResponsive: true, kill },
    get port() {
      return (server.address() as AddressInfo | null)?.port ?? 0;
    },
    listen: () => new Promise((resolve) => server.listen(0, "127.0.0.1", resolve)),
    loaded: () => undefined,
    hang: () => undefined,
    slow: () => false,
    stop: (done) => {
      kill();
      done();
    },
  };
}

async function serving(told: Partial<TargetGroupModel> = {}): Promise<void> {
  const model = region({ targetGroups: [targetGroup(told)], groups: [group({ min: 1 })] });
  story = await Story.begin(deployment({ regions: [model] }), {}, () => socketServer());
}

interface Open {
  readonly socket: Duplex;
  readonly said: () => string;
  readonly closed: () => boolean;
  readonly accept: string | undefined;
}

/** Opens a WebSocket, as a client does. @returns the status, where it is refused */
function open(path = "/socket", key = "dGhlIHNhbXBsZSBub25jZQ=="): Promise<Open | number> {
  return new Promise((resolve, reject) => {
    const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": key };
    const asked = request({ host: "127.0.0.1", port: story.port, path, headers, agent: false });
    asked.on("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on("upgrade", (response, socket, head) => {
      let [said, closed] = [head.toString(), false];
      socket.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
      socket.on("error", () => undefined);
      socket.on("close", () => {
        closed = true;
      });
      const accept = response.headers["sec-websocket-accept"];
      resolve({ socket, accept, said: () => said, closed: () => closed });
    });
    asked.on("error", reject);
    asked.end();
  });
}

async function opened(): Promise<Open> {
  const found = await open();
  if (typeof found === "number") {
    throw new Error(`refused with ${found}`);
  }
  return found;
}

const outstanding = () =>
  [...story.run.deployment.regions.values()].flatMap((each) =>
    [...each.targetGroups.values()].flatMap(({ targets }) => targets.map((target) => target.outstanding)),
  );

it("passes a WebSocket through in both directions, and counts it while it is open", async () => {
  await serving();
  const socket = await opened();
  expect(socket.accept).toBe(acceptOf("dGhlIHNhbXBsZSBub25jZQ=="));
  socket.socket.write("a client says this");
  await story.until(() => socket.said() === "hello a client says this");
  expect(outstanding()).toEqual([1]);
  socket.socket.destroy();
  await story.until(() => story.run.exchanges.size === 0);
  expect(outstanding()).toEqual([0]);
  expect(story.run.events.counts.get("101")).toBe(1);
});

it("closes a WebSocket on which nothing is sent for the idle timeout", async () => {
  await serving();
  const socket = await opened();
  await story.pass(40);
  socket.socket.write("x");
  await story.pass(40);
  expect(socket.closed()).toBe(false);
  await story.until(socket.closed);
  expect(story.run.events.counts.get("101 nothing was sent for the idle timeout")).toBe(1);
});

it("closes a WebSocket that outlasts the deregistration delay of its target", async () => {
  await serving({ deregistrationDelay: 20 });
  const socket = await opened();
  story.run.driver.do(() => story.group.deregister(story.ids()[0] ?? ""));
  await story.until(socket.closed);
  expect(story.run.events.counts.get("101 the deregistration delay was over")).toBe(1);
});

it("closes a WebSocket whose target dies", async () => {
  await serving();
  const socket = await opened();
  await story.do("kill", story.ids()[0] ?? "");
  await story.until(socket.closed);
});

it("passes on that a target refuses an upgrade", async () => {
  await serving();
  expect(await open("/other")).toBe(403);
  await story.until(() => story.run.exchanges.size === 0);
});

it("answers 464 where the target group does not take HTTP/1.1", async () => {
  story = await Story.begin(
    deployment({ regions: [region({ targetGroups: [targetGroup({ protocolVersion: "HTTP2" })] })] }),
  );
  expect(await open()).toBe(464);
});

it("passes over a wish for HTTP/2 in the clear, and keeps the body", async () => {
  await serving();
  const socket = connect(story.port, "127.0.0.1", () =>
    socket.write(
      "POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA\r\nContent-Length: 4\r\n\r\nbody",
    ),
  );
  let said = "";
  socket.on("data", (chunk) => {
    said += chunk.toString();
  });
  await story.until(() => said.includes("plain body"));
  expect(said).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
});
