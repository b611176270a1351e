import { loadDeployment } from "../../config/load";
import { serverFacts } from "../../local/model-server/facts";
import { modelUrls } from "../../local/urls";
import { readDeployment } from "../../simulation/terraform/read";
import { Story } from "../support/local-story";
import { synthesized } from "../support/synthesis";

jest.setTimeout(120_000);

function synthesizedExample(file: string) {
  const loaded = loadDeployment(file);
  if (!loaded.ok) {
    throw new Error(`${file} is not valid`);
  }
  return { ...synthesized(loaded.deployment) };
}

const stacks = synthesizedExample("serving.yaml");
const model = readDeployment(stacks);

let story: Story | undefined;
afterEach(() => {
  story?.end();
  story = undefined;
});

it("knows the server of this project's instances from their user data", () => {
  const [group] = model.regions[0]?.groups ?? [];
  expect(group && serverFacts(group)).toMatchObject({
    server: "vllm",
    model: "llama-3-8b",
    drain: 300,
    keepAlive: 4015,
    whileLoading: 0,
    metrics: { path: "/metrics", waiting: "vllm:num_requests_waiting", running: "vllm:num_requests_running" },
    probe: { path: "/v1/completions", expect: '"choices"' },
    isKnown: true,
  });
});

it("serves every model at its base_url, in each region and at the global endpoint", async () => {
  story = await Story.begin(model);
  const urls = modelUrls(stacks, story.run.endpoints, story.run.authority.made?.certificate);
  expect(urls.map(({ stack, model: name }) => `${stack} ${name}`).sort()).toEqual(
    ["eu-central-1", "global", "us-east-1"].flatMap((stack) => [`${stack} llama-3-8b`, `${stack} qwen-72b`]),
  );
  for (const { baseUrl, model: name } of urls) {
    const { port, pathname } = new URL(baseUrl);
    const answer = await story.ask({ port: Number(port), path: `${pathname}/models` });
    expect([answer.status, JSON.parse(answer.text).data[0].id]).toEqual([200, name]);
  }
  const closed = await story.ask({ path: "/llama-3-8b/metrics" });
  expect([closed.status, JSON.parse(closed.text).error.code]).toEqual([404, "model_not_found"]);
});

it("gives the canary its share", async () => {
  story = await Story.begin(model);
  const endpoint = story.run.endpoints.find(({ region }) => region === "us-east-1");
  const region = story.run.deployment.regions.get("us-east-1");
  for (let each = 0; each < 600; each += 1) {
    await story.ask({ port: endpoint?.port ?? 0, path: "/llama-3-8b/v1/models" });
  }
  const canary = region?.metrics.series("RequestCount", {
    LoadBalancer: "aws_lb.entry_alb",
    TargetGroup: "aws_lb_target_group.model_llama-3-8b_canary_targets",
  });
  const count = canary?.statistic("Sum", 0, 60) ?? 0;
  expect(Math.abs(count - 30)).toBeLessThan(4 * Math.sqrt(600 * 0.05 * 0.95) + 1);
});

it("leads clients of a lost region to the other one, when its health checks fail and their answer is too old", async () => {
  story = await Story.begin(model);
  const { run } = story;
  await story.ask({ path: "/llama-3-8b/v1/models" });
  await story.do("cut", "eu-central-1");
  await expect(story.ask({ path: "/llama-3-8b/v1/models" })).rejects.toThrow();
  const lost = story.when(/^cut off/) as number;
  await story.until(
    () => run.deployment.answer("models.example.com", "eu-central-1")?.region === "us-east-1",
  );
  expect(run.driver.timeline.now - lost).toBeLessThanOrEqual(42);
  await story.pass(60);
  expect((await story.ask({ path: "/llama-3-8b/v1/models" })).status).toBe(200);
});
