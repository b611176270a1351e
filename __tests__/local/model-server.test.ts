import { ask } from "../../local/ask";
import { Driver } from "../../local/driver";
import { type ServerFacts, serverFacts } from "../../local/model-server/facts";
import { ModelServer } from "../../local/model-server/server";
import { group } from "../support/simulated";

jest.setTimeout(60_000);

const FACTS: ServerFacts = {
  server: "vllm",
  model: "llama",
  drain: 300,
  keepAlive: Number.POSITIVE_INFINITY,
  whileLoading: 503,
  metrics: { path: "/metrics", waiting: "vllm:num_requests_waiting", running: "vllm:num_requests_running" },
  probe: undefined,
  isKnown: true,
};

let driver: Driver;
let server: ModelServer;
afterEach(() => {
  server.kill();
  driver.close();
});

async function standIn(told: Partial<ServerFacts> = {}, slots = 2): Promise<void> {
  driver = new Driver(40);
  server = new ModelServer({ ...FACTS, ...told }, { slots, firstToken: 0.2, tokensPerSecond: 50 }, driver);
  await server.listen();
}

const get = (path: string) => ask(server.port, path, { timeout: 30_000 });
const post = (path: string, body: object) =>
  ask(server.port, path, { timeout: 30_000, body: JSON.stringify(body) });

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it("answers 503 while it loads, or has no port yet, as the server that it stands for", async () => {
  await standIn();
  expect((await get("/health")).status).toBe(503);
  server.loaded();
  expect((await get("/health")).status).toBe(200);
  server.kill();
  await standIn({ whileLoading: 0 });
  expect(server.port).toBe(0);
  server.loaded();
  expect((await get("/health")).status).toBe(200);
});

it("speaks the API of OpenAI", async () => {
  await standIn();
  server.loaded();
  expect(JSON.parse((await get("/v1/models")).text).data[0].id).toBe("llama");
  const chat = JSON.parse((await post("/v1/chat/completions", { messages: [], max_tokens: 3 })).text);
  expect(chat).toMatchObject({
    object: "chat.completion",
    model: "llama",
    choices: [{ message: { role: "assistant", content: "a model would" }, finish_reason: "length" }],
    usage: { completion_tokens: 3 },
  });
  const text = JSON.parse((await post("/v1/completions", { prompt: "x", max_tokens: 2 })).text);
  expect(text).toMatchObject({ object: "text_completion", choices: [{ text: "a model" }] });
  const embedded = JSON.parse((await post("/v1/embeddings", { input: ["a", "b"] })).text);
  expect(embedded.data.map(({ index }: { index: number }) => index)).toEqual([0, 1]);
  const packed = JSON.parse((await post("/v1/embeddings", { input: "a", encoding_format: "base64" })).text);
  const bytes = Buffer.from(packed.data[0].embedding, "base64");
  expect([bytes.length, bytes.readFloatLE(0)]).toEqual([12, Math.fround(0.6)]);
  expect((await post("/v1/other", {})).status).toBe(404);
  expect((await ask(server.port, "/v1/completions", { timeout: 30_000, body: "[]" })).status).toBe(400);
});

it("streams events that end with the reason, the usage where it is wanted, and DONE", async () => {
  await standIn();
  server.loaded();
  const { text } = await post("/v1/chat/completions", {
    ...{ messages: [], max_tokens: 100, stream: true },
    stream_options: { include_usage: true },
  });
  const events = text
    .trim()
    .split("\n\n")
    .map((event) => event.replace(/^data: /, ""));
  expect(events.pop()).toBe("[DONE]");
  const parsed = events.map((event) => JSON.parse(event));
  expect(parsed.pop()).toMatchObject({ choices: [], usage: { completion_tokens: 100 } });
  expect(parsed[0].choices[0].delta.role).toBe("assistant");
  expect(parsed.at(-1).choices[0].finish_reason).toBe("length");
  const words = parsed
    .map(({ choices }) => choices[0].delta.content)
    .join("")
    .split(" ");
  expect(words).toHaveLength(100);
});

it("queues what has no slot, and tells of it by the names of the server", async () => {
  await standIn();
  server.loaded();
  const answers = Array.from({ length: 5 }, () => post("/v1/completions", { prompt: "x", max_tokens: 2000 }));
  await until(() => server.waiting === 3);
  const { text } = await get("/metrics");
  expect(text).toContain('vllm:num_requests_waiting{model_name="llama"} 3\n');
  expect(text).toContain('vllm:num_requests_running{model_name="llama"} 2\n');
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
});

it("lets requests finish after SIGTERM, takes no new ones, and drops them where the server does", async () => {
  await standIn();
  server.loaded();
  const running = post("/v1/completions", { prompt: "x", max_tokens: 500 });
  await until(() => server.running === 1);
  const stopped = new Promise<void>((resolve) => server.stop(resolve));
  expect((await get("/health")).status).toBe(0);
  expect((await running).status).toBe(200);
  await stopped;
  await standIn({ drain: 0 });
  server.loaded();
  const dropped = post("/v1/completions", { prompt: "x", max_tokens: 5000 });
  await until(() => server.running === 1);
  await new Promise<void>((resolve) => server.stop(resolve));
  expect((await dropped).status).toBe(0);
});

it("cuts what still runs when the time of its drain is over", async () => {
  await standIn({ drain: 5 });
  server.loaded();
  const cut = post("/v1/completions", { prompt: "x", max_tokens: 50_000 });
  await until(() => server.running === 1);
  await new Promise<void>((resolve) => driver.do(() => server.stop(resolve)));
  expect((await cut).status).toBe(0);
});

it("knows little of an instance with other user data", () => {
  expect(
    serverFacts(group({ instance: { version: "1", types: [], tags: { model: "m" }, userData: "x" } })),
  ).toMatchObject({
    server: "custom",
    model: "m",
    probe: undefined,
    isKnown: false,
  });
});
