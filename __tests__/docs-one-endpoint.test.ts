import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import "../testing/matchers";
import { clientAddress } from "../config/plan/openai";
import { valid, validFile, validModel, type WrittenFile } from "./support/serving-file";
import { synthesized } from "./support/synthesis";

/*
 * The examples of docs/one-endpoint.md, each laid over a valid file.
 */
const page = readFileSync(path.join(__dirname, "../docs/one-endpoint.md"), "utf8");
const sections = page.split(/^## /m).flatMap((section) => {
  const [yaml] = [...section.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = ""]) => text);
  return yaml === undefined ? [] : [[section.split("\n")[0] ?? "", parse(yaml)] as const];
});
const example = (title: string): Partial<WrittenFile> => sections.find(([each]) => each === title)?.[1];

function deploymentOf(title: string) {
  const { entry, models = {} } = example(title);
  const base = validFile();
  const whole = Object.entries(models).map(([name, model]) => [
    name,
    { ...(name === "gateway" ? {} : validModel()), ...model },
  ]);
  return valid({
    ...base,
    entry: { ...base.entry, ...entry },
    models: { ...base.models, ...Object.fromEntries(whole) },
  });
}

const endpoint = { url: "https://models.example.com", hostName: "models.example.com" };

test.each([
  ["By path", "llama-3-8b", { baseUrl: "https://models.example.com/llama-3-8b/v1", headers: {} }],
  [
    "By header",
    "llama-3-8b",
    { baseUrl: "https://models.example.com/v1", headers: { "x-model": "llama-3-8b" } },
  ],
  ["By host", "llama-3-8b", { baseUrl: "https://llama.models.example.com/v1", headers: {} }],
  ["By the model in the body", "gateway", { baseUrl: "https://models.example.com/v1", headers: {} }],
])(
  "%s: the example is accepted, fits AWS, and has the address that the page says",
  (title, name, address) => {
    const { deployment, warnings } = deploymentOf(title);
    expect(
      warnings.filter(({ code }) => code !== "host-without-record").map(({ message }) => message),
    ).toEqual([]);
    const [region] = deployment.regions;
    const model = region?.models.find((each) => each.name === name);
    if (region === undefined || model === undefined) {
      throw new Error(`${name} is not served`);
    }
    expect(clientAddress(model, region.entry.default, endpoint, region.modelList !== undefined)).toEqual({
      ...address,
      // What a gateway calls its models, it alone knows, and says at this URL.
      model: name === "gateway" ? undefined : name,
      listUrl: `${address.baseUrl}/models`,
    });
    const stack = synthesized(deployment)["us-east-1"];
    expect(stack).toFitTheApi();
    expect(stack).toFitTheGrammars();
    const list = stack.resource.aws_lb_listener_rule["model-list"];
    if (name === "gateway") {
      expect(list).toBeUndefined();
    } else {
      expect(list).toMatchObject({ priority: 49_000 });
      const { message_body: body, content_type: type } = list.action[0].fixed_response;
      expect(type).toBe("application/json");
      expect(JSON.parse(body)).toEqual({
        object: "list",
        data: ["llama", "llama-3-8b"].map((id) => ({ id, object: "model", created: 0, owned_by: "chat" })),
      });
    }
  },
);

test("every section with an example is tested", () => {
  expect(sections.map(([title]) => title)).toHaveLength(4);
});
