import type { ServerPreset } from "../../config/servers/preset";
import { serverPresets } from "../../config/servers/presets";
import { ask } from "../../local/ask";
import { Driver } from "../../local/driver";
import type { ServerFacts } from "../../local/model-server/facts";
import { ModelServer } from "../../local/model-server/server";

jest.setTimeout(60_000);

type Json = ReturnType<typeof JSON.parse>;

let driver: Driver;
let server: ModelServer;
afterEach(() => {
  server.kill();
  driver.close();
});

async function standInFor(name: string): Promise<void> {
  const facts: ServerFacts = {
    server: name,
    model: "llama",
    drain: 0,
    keepAlive: Number.POSITIVE_INFINITY,
    whileLoading: 503,
    metrics: { path: "/metrics", waiting: "waiting", running: "running" },
    probe: undefined,
    isKnown: true,
  };
  driver = new Driver(40);
  server = new ModelServer(facts, { slots: 2, firstToken: 0.2, tokensPerSecond: 50 }, driver);
  await server.listen();
  server.loaded();
}

const get = async (path: string): Promise<Json> =>
  JSON.parse((await ask(server.port, path, { timeout: 30_000 })).text);
const textOf = async (path: string, body: object): Promise<string> =>
  (await ask(server.port, path, { timeout: 30_000, body: JSON.stringify(body) })).text;
const post = async (path: string, body: object): Promise<Json> => JSON.parse(await textOf(path, body));
const statusOf = async (path: string): Promise<number> =>
  (await ask(server.port, path, { timeout: 30_000, body: "{}" })).status;
const eventsOf = (text: string): Json[] =>
  text
    .trim()
    .split("\n\n")
    .map((event) => JSON.parse(event.replace(/^data: /, "")));

it("speaks Ollama's own API, which streams lines unless told otherwise", async () => {
  await standInFor("ollama");
  expect((await get("/api/tags")).models[0].name).toBe("llama");
  expect(await get("/api/version")).toHaveProperty("version");
  const options = { num_predict: 60 };
  const streamed = await textOf("/api/chat", { model: "llama", messages: [], options });
  const lines: Json[] = streamed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const { done_reason, eval_count, eval_duration } = lines.at(-1);
  expect({ done_reason, eval_count }).toEqual({ done_reason: "length", eval_count: 60 });
  expect(eval_duration).toBeGreaterThanOrEqual(1e9);
  expect(lines.map(({ done }) => done)).toEqual([...Array(lines.length - 1).fill(false), true]);
  const said = lines.map(({ message }) => message.content).join("");
  expect(said.split(" ")).toHaveLength(60);
  const whole = await post("/api/generate", { model: "other", prompt: "x", options, stream: false });
  expect(whole).toMatchObject({ model: "other", response: said, done: true, context: [] });
  const { embeddings } = await post("/api/embed", { input: ["a", "b"] });
  expect(embeddings).toHaveLength(2);
  expect((await post("/api/embeddings", { prompt: "a" })).embedding).toEqual(embeddings[0]);
});

describe("the newer APIs of chats", () => {
  const named = (text: string): { readonly event: string; readonly data: Json }[] =>
    text
      .trim()
      .split("\n\n")
      .map((each) => {
        const [, event = "", data = ""] = /^event: (.*)\ndata: (.*)$/.exec(each) ?? [];
        return { event, data: JSON.parse(data) };
      });

  it("answer responses, whole and by events that have their number", async () => {
    await standInFor("vllm");
    const asked = { model: "llama", input: "x", max_output_tokens: 20 };
    const whole = await post("/v1/responses", asked);
    expect(whole).toMatchObject({ object: "response", status: "completed", usage: { output_tokens: 20 } });
    const said = whole.output[0].content[0].text;
    expect(said.split(" ")).toHaveLength(20);
    const events = named(await textOf("/v1/responses", { ...asked, stream: true }));
    expect(events.map(({ data }) => data.sequence_number)).toEqual(events.map((_, at) => at));
    expect(events.map(({ data }) => data.type)).toEqual(events.map(({ event }) => event));
    expect(events.map(({ data }) => data.delta ?? "").join("")).toBe(said);
    expect(events.at(-1)?.data.response.output[0].content[0].text).toBe(said);
    expect(events[0]?.event).toBe("response.created");
    expect(events.at(-1)?.event).toBe("response.completed");
  });

  it("answer messages, whole and by events", async () => {
    await standInFor("llama.cpp");
    const asked = { model: "llama", messages: [{ role: "user", content: "x" }], max_tokens: 20 };
    const whole = await post("/v1/messages", asked);
    expect(whole).toMatchObject({ type: "message", stop_reason: "max_tokens", usage: { output_tokens: 20 } });
    const events = named(await textOf("/v1/messages", { ...asked, stream: true }));
    const deltas = events.filter(({ event }) => event === "content_block_delta");
    expect(deltas.map(({ data }) => data.delta.text).join("")).toBe(whole.content[0].text);
    const others = events.map(({ event }) => event).filter((event) => event !== "content_block_delta");
    expect(others).toEqual([
      ...["message_start", "content_block_start"],
      ...["content_block_stop", "message_delta", "message_stop"],
    ]);
    expect(await post("/v1/messages/count_tokens", asked)).toEqual({ input_tokens: expect.any(Number) });
  });

  it("are not there where the server has none", async () => {
    await standInFor("tgi");
    expect(await statusOf("/v1/responses")).toBe(404);
    expect(await statusOf("/v1/messages")).toBe(404);
  });
});

it("speaks the own API of TGI, with an event for each token", async () => {
  await standInFor("tgi");
  expect((await get("/info")).model_id).toBe("llama");
  const parameters = { max_new_tokens: 50, details: true };
  const whole = await post("/generate", { inputs: "x", parameters });
  expect(whole.details).toMatchObject({ finish_reason: "length", generated_tokens: 50 });
  const events = eventsOf(await textOf("/generate_stream", { inputs: "x", parameters }));
  expect(events.map(({ index }) => index)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
  expect(events.map(({ token }) => token.text).join("")).toBe(whole.generated_text);
  expect(events.at(-1)).toMatchObject({ generated_text: whole.generated_text, details: whole.details });
  expect(await post("/", { inputs: "x", parameters })).toEqual([whole]);
  expect(eventsOf(await textOf("/", { inputs: "x", parameters, stream: true }))).toEqual(events);
});

it("speaks the own API of TEI, and not that of chats", async () => {
  await standInFor("tei");
  expect((await get("/info")).model_id).toBe("llama");
  const embedding = expect.arrayContaining([expect.any(Number)]);
  expect(await post("/embed", { inputs: "a" })).toEqual([embedding]);
  expect(await post("/embed", { inputs: ["a", "b"] })).toEqual([embedding, embedding]);
  expect(await post("/embed_all", { inputs: "a" })).toEqual([[embedding]]);
  expect((await post("/embed_sparse", { inputs: "a" }))[0][0]).toEqual({
    index: 0,
    value: expect.any(Number),
  });
  const score = expect.any(Number);
  expect(await post("/rerank", { query: "x", texts: ["a", "b"], return_texts: true })).toEqual([
    { index: 0, score, text: "a" },
    { index: 1, score, text: "b" },
  ]);
  expect(await post("/similarity", { inputs: { source_sentence: "x", sentences: ["a", "b"] } })).toHaveLength(
    2,
  );
  expect(await post("/predict", { inputs: "a" })).toEqual([{ score, label: expect.any(String) }]);
  expect(await post("/predict", { inputs: ["a", "b"] })).toHaveLength(2);
  expect((await post("/v1/embeddings", { input: "a" })).data).toHaveLength(1);
  expect(await statusOf("/v1/chat/completions")).toBe(404);
});

it("speaks Triton's protocols, of the model and of its versions", async () => {
  await standInFor("triton");
  expect((await get("/v2")).extensions).toContain("generate");
  expect(await get("/v2/models/llama")).toMatchObject({ name: "llama", versions: ["1"] });
  const whole = await post("/v2/models/gpt/generate", { text_input: "x", max_tokens: 40 });
  expect(whole).toMatchObject({ model_name: "gpt", model_version: "1" });
  expect(whole.text_output.split(" ")).toHaveLength(40);
  const stream = "/v2/models/gpt/versions/1/generate_stream";
  const events = eventsOf(await textOf(stream, { text_input: "x", parameters: { max_tokens: 40 } }));
  expect(events.map(({ text_output }) => text_output).join("")).toBe(whole.text_output);
  expect(await post("/v2/models/gpt/infer", { id: "7", inputs: [] })).toMatchObject({
    id: "7",
    outputs: [{ name: "text_output", shape: [1], data: [expect.any(String)] }],
  });
  expect(await statusOf("/v1/completions")).toBe(404);
});

it("has OpenAI's API at other places too, where the server is not known", async () => {
  await standInFor("custom");
  const body = { messages: [], max_tokens: 2 };
  expect(await post("/api/v3/chat/completions", body)).toHaveProperty("object", "chat.completion");
  expect(await statusOf("/api/generate")).toBe(404);
});

it("speaks the own APIs of llama.cpp and SGLang", async () => {
  await standInFor("llama.cpp");
  const content = (await post("/completion", { prompt: "x", n_predict: 40 })).content;
  const events = eventsOf(await textOf("/completion", { prompt: "x", n_predict: 40, stream: true }));
  expect(events.at(-1)).toMatchObject({ stop: true, tokens_predicted: 40, stop_type: "limit" });
  expect(events.map((event) => event.content).join("")).toBe(content);
  expect(await post("/embedding", { content: ["a", "b"] })).toHaveLength(2);
  server.kill();
  driver.close();
  await standInFor("sglang");
  const sampling_params = { max_new_tokens: 40 };
  const whole = await post("/generate", { text: "x", sampling_params });
  expect(whole.meta_info).toMatchObject({ finish_reason: { type: "length" }, completion_tokens: 40 });
  const stream = await textOf("/generate", { text: "x", sampling_params, stream: true });
  expect(stream).toMatch(/data: \[DONE\]\n\n$/);
  expect(eventsOf(stream.replace(/data: \[DONE\]\n\n$/, "")).at(-1).text).toBe(whole.text);
  expect(await post("/api/chat", { messages: [], stream: false })).toHaveProperty("done", true);
});

/** The requests for text and for embeddings that instances ask of servers, before they enter service. */
const probes = Object.entries<ServerPreset>(serverPresets).flatMap(([name, { tasks }]) =>
  (["generate", "embed"] as const).flatMap((task) => {
    const probe = tasks?.probes[task];
    return probe === undefined || probe === "health" ? [] : [{ name, task, probe }];
  }),
);

it.each(probes)("answers what $name is asked before it enters service: $task", async ({ name, probe }) => {
  await standInFor(name);
  const body = JSON.parse(String(probe.body).replaceAll("{model}", "llama"));
  expect(await textOf(probe.path.replaceAll("{model}", "llama"), body)).toContain(probe.expect);
});
