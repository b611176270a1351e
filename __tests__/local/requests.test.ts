import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import type { ActionModel, ConditionModel, RuleModel } from "../../simulation/model";
import { Story } from "../support/local-story";
import { PlainServer } from "../support/plain-server";
import {
  deployment,
  forwardTo,
  group,
  listener,
  loadBalancer,
  region,
  targetGroup,
} from "../support/simulated";

jest.setTimeout(120_000);

let story: Story;
afterEach(() => story.end());

/** Tells a client what has reached it. */
function echo(instance: string, answer?: (path: string, response: ServerResponse) => boolean): PlainServer {
  return new PlainServer(({ method, url = "", rawHeaders, headers }, response, { length }) => {
    if (answer?.(url, response) !== true) {
      response.setHeader("set-cookie", ["own=1"]);
      response.end(JSON.stringify({ instance, method, url, rawHeaders, headers, length }));
    }
  });
}

async function echoing(
  rules: readonly RuleModel[],
  ofBalancer: Parameters<typeof loadBalancer>[0] = {},
  ofTargets: Parameters<typeof targetGroup>[0] = {},
  answer?: (path: string, response: ServerResponse) => boolean,
): Promise<void> {
  const model = region({
    loadBalancers: [loadBalancer({ listeners: [listener({ rules })], ...ofBalancer })],
    targetGroups: [targetGroup(ofTargets)],
    groups: [group()],
  });
  story = await Story.begin(deployment({ regions: [model] }), {}, (_facts, { id }) => echo(id, answer));
}

function rule(priority: number, conditions: readonly ConditionModel[], action: ActionModel): RuleModel {
  return { address: `rule ${priority}`, priority, conditions, action };
}

const answer = (status: number): ActionModel => ({
  type: "fixed-response",
  status,
  contentType: "text/plain",
  body: String(status),
});

it("obeys a rule of every kind", async () => {
  await echoing([
    rule(1, [{ field: "path", values: ["/a*"], regex: false }], answer(201)),
    rule(2, [{ field: "host", values: ["other.example.com"], regex: false }], answer(202)),
    rule(3, [{ field: "header", name: "X-Model", values: ["^llama"], regex: true }], answer(203)),
    rule(4, [{ field: "method", values: ["PUT"] }], answer(200)),
    rule(5, [{ field: "query", values: [{ key: "version", value: "2" }] }], answer(206)),
    rule(6, [{ field: "path", values: ["/moved"], regex: false }], {
      ...{ type: "redirect", status: 302, protocol: "#{protocol}", host: "new.example.com" },
      ...{ port: "#{port}", path: "/#{path}", query: "#{query}" },
    }),
    {
      ...rule(7, [{ field: "path", values: ["/m/*"], regex: false }], forwardTo("aws_lb_target_group.a")),
      pathRewrite: { regex: "^/m", replace: "" },
      hostRewrite: { regex: ".*", replace: "inner.example.com" },
    },
    {
      ...rule(8, [{ field: "path", values: ["/bad"], regex: false }], forwardTo("aws_lb_target_group.a")),
      pathRewrite: { regex: ".*", replace: "" },
    },
    rule(
      9,
      [
        { field: "path", values: ["/mine"], regex: false },
        { field: "source", values: ["127.0.0.0/8"] },
      ],
      answer(226),
    ),
  ]);
  const status = async (asking: Parameters<Story["ask"]>[0]) => (await story.ask(asking)).status;
  expect(await status({ path: "/abc" })).toBe(201);
  expect(await status({ headers: { host: "Other.example.com:8080" } })).toBe(202);
  expect(await status({ headers: { "x-model": "LLAMA-3" } })).toBe(203);
  expect(await status({ method: "PUT", body: "x" })).toBe(200);
  expect(await status({ path: "/x?a=1&version=2" })).toBe(206);
  expect(await status({ path: "/mine" })).toBe(226);
  const moved = await story.ask({ path: "/moved?x=1" });
  expect([moved.status, moved.headers.location]).toEqual([302, "http://new.example.com:80/moved?x=1"]);
  const { url, headers } = JSON.parse((await story.ask({ path: "/m/v1?x=1" })).text);
  expect([url, headers.host]).toEqual(["/v1?x=1", "inner.example.com"]);
  const bad = await story.ask({ path: "/bad" });
  expect([bad.status, bad.headers.server]).toEqual([500, "awselb/2.0"]);
});

it("tells a target who asks, and drops headers with invalid names", async () => {
  await echoing([], { dropInvalidHeaders: true });
  const { text } = await story.ask({
    headers: {
      "x-forwarded-for": "198.51.100.7",
      "x-amzn-trace-id": "Root=1-abc-def",
      bad_name: "x",
      te: "trailers",
    },
  });
  const { headers } = JSON.parse(text);
  expect(headers).toMatchObject({
    "x-forwarded-for": "198.51.100.7, 127.0.0.1",
    "x-forwarded-proto": "http",
    "x-forwarded-port": "80",
  });
  expect(headers["x-amzn-trace-id"]).toMatch(/^Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-abc-def$/);
  expect(headers).not.toHaveProperty("bad_name");
  expect(headers).not.toHaveProperty("te");
  const fresh = JSON.parse((await story.ask()).text).headers;
  expect(fresh["x-forwarded-for"]).toBe("127.0.0.1");
  expect(fresh["x-amzn-trace-id"]).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
});

it("keeps a client at its instance by cookies, beside those of the application", async () => {
  await echoing([], {}, { stickiness: { by: "load balancer", seconds: 86_400 } });
  const first = await story.ask();
  const cookies = first.headers["set-cookie"] ?? [];
  expect(cookies.map((each) => each.split("=")[0])).toEqual(["own", "AWSALB", "AWSALBCORS"]);
  const cookie = cookies.map((each) => each.split(";")[0]).join("; ");
  const { instance } = JSON.parse(first.text);
  const instances = new Set<string>();
  for (let each = 0; each < 10; each += 1) {
    instances.add(JSON.parse((await story.ask({ headers: { cookie } })).text).instance);
  }
  expect(instances).toEqual(new Set([instance]));
});

it("passes on a body of 100 MB", async () => {
  await echoing([]);
  const { text } = await story.ask({ method: "POST", body: "x".repeat(100 * 2 ** 20) });
  expect(JSON.parse(text).length).toBe(100 * 2 ** 20);
});

/** Sends a text as it is, and waits for the end of the connection. */
function say(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(story.port, "127.0.0.1", () => socket.write(text));
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString();
    });
    socket.on("error", () => resolve(heard));
    socket.on("close", () => resolve(heard));
  });
}

it("answers 400 to what is no HTTP, to what could be read in two ways, and to too many headers", async () => {
  await echoing([]);
  const head = "POST / HTTP/1.1\r\nHost: x\r\n";
  for (const text of [
    "nonsense\r\n\r\n",
    `${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${head}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc`,
    `${head}Transfer-Encoding: chunked, identity\r\n\r\n`,
    `${head}X-Large: ${"x".repeat(70 * 1024)}\r\n\r\n`,
    `${head}Bad Name: x\r\n\r\n`,
  ]) {
    expect(await say(text)).toMatch(/^HTTP\/1\.1 400 /);
  }
});

it("lets no request through to a target that is hidden in another", async () => {
  const reached: string[] = [];
  await echoing([], {}, {}, (path) => {
    reached.push(path);
    return false;
  });
  reached.length = 0;
  const hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
  const sized = `Content-Length: ${hidden.length + 5}\r\n`;
  const heads = {
    "CL.TE": `${sized}Transfer-Encoding: chunked\r\n`,
    "TE.CL": "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
    "TE behind a space": `${sized}Transfer-Encoding : chunked\r\n`,
    "TE behind a tab": `${sized}Transfer-Encoding:\tchunked\r\n`,
    "TE twice": "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    "TE unknown": `${sized}Transfer-Encoding: xchunked\r\n`,
    "TE on a folded line": `${sized}Transfer-Encoding:\r\n chunked\r\n`,
    "CL with a sign": "Content-Length: +0\r\n",
    "CL as a list": "Content-Length: 0, 0\r\n",
    "a bare line feed": `X: y\nTransfer-Encoding: chunked\r\n${sized}`,
  };
  for (const [name, head] of Object.entries(heads)) {
    const text = `POST /outer HTTP/1.1\r\nHost: x\r\n${head}\r\n0\r\n\r\n${hidden}`;
    expect([name, await say(text)]).toEqual([name, expect.stringMatching(/^HTTP\/1\.1 400 /)]);
  }
  expect(reached).not.toContain("/hidden");
});

it("answers 408 when a client sends no body for the idle timeout", async () => {
  await echoing([]);
  expect(await say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\n")).toMatch(
    /^HTTP\/1\.1 408 /,
  );
});

it("counts 460 when a client goes first, and frees the target", async () => {
  let closed = false;
  await echoing([], {}, {}, (path, response) => {
    response.on("close", () => {
      closed = true;
    });
    return path === "/slow";
  });
  const socket = connect(story.port, "127.0.0.1", () =>
    socket.write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"),
  );
  await story.until(() => story.run.exchanges.size === 1);
  closed = false;
  socket.destroy();
  await story.until(() => closed && story.run.exchanges.size === 0);
  expect(story.run.events.counts.get("460 the client went first")).toBe(1);
  const outstanding = [...story.run.deployment.regions.values()].flatMap((each) =>
    [...each.targetGroups.values()].flatMap(({ targets }) => targets.map((target) => target.outstanding)),
  );
  expect(outstanding).toEqual([0, 0, 0]);
});

it("answers 502 when a target closes the connection before it answers, and closes when it does so in mid-answer", async () => {
  await echoing([], {}, {}, (path, response) => {
    if (path === "/none") {
      response.socket?.destroy();
    }
    if (path === "/half") {
      response.writeHead(200, { "content-length": "10" });
      response.write("12345", () => response.socket?.destroy());
    }
    return path === "/none" || path === "/half";
  });
  expect((await story.ask({ path: "/none" })).status).toBe(502);
  await expect(story.ask({ path: "/half" })).rejects.toThrow();
  await story.until(() => story.run.events.counts.has("502 the target closed the connection, in mid-answer"));
});

it("does not hold back a stream", async () => {
  let go: (() => void) | undefined;
  await echoing([], {}, {}, (path, response) => {
    if (path === "/stream") {
      response.write("first");
      go = () => response.end("last");
    }
    return path === "/stream";
  });
  const seen: string[] = [];
  const socket = connect(story.port, "127.0.0.1", () =>
    socket.write("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"),
  );
  socket.on("data", (chunk) => seen.push(chunk.toString()));
  await story.until(() => seen.join("").includes("first"));
  expect(seen.join("")).not.toContain("last");
  go?.();
  await story.until(() => seen.join("").includes("last"));
  socket.destroy();
});

it("answers 503 where a target group has no target", async () => {
  story = await Story.begin(deployment({ regions: [region({ groups: [] })] }));
  const { status, headers } = await story.ask();
  expect([status, headers.server]).toEqual([503, "awselb/2.0"]);
});

it("follows 100 rules", async () => {
  await echoing(
    Array.from({ length: 100 }, (_, index) =>
      rule(
        index + 1,
        [{ field: "path", values: [`/p${index}/*`], regex: false }],
        answer(200 + (index % 27)),
      ),
    ),
  );
  expect((await story.ask({ path: "/p99/x" })).status).toBe(200 + (99 % 27));
});
