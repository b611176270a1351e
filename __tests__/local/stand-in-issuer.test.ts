import { tokenAskedBy } from "../../local/load-balancer/stand-in-issuer";
import { readDeployment } from "../../simulation/terraform/read";
import { Story } from "../support/local-story";
import { valid, validFile } from "../support/serving-file";
import { synthesized } from "../support/synthesis";

jest.setTimeout(120_000);

const PATH = "/v1/chat/completions";
const { llama } = validFile().models;
const claims = {
  scope: { format: "space-separated-values" as const, values: ["models.invoke", "other"] },
  aud: { format: "string-array" as const, values: ["models"] },
};
const file = {
  ...validFile(),
  entry: {
    ...validFile().entry,
    callers: {
      jwt: { issuer: "https://login.example.com/", jwks: "https://login.example.com/keys", claims },
    },
  },
  models: {
    llama: {
      ...llama,
      callers: { claims: { client: { format: "single-string" as const, values: ["a"] } } },
    },
    open: { ...llama, callers: "unauthenticated" as const },
  } as ReturnType<typeof validFile>["models"],
};

let story: Story;
afterEach(() => story.end());

it("has a file with tokens run: with one of the stand-in, and with no other", async () => {
  const model = readDeployment(synthesized(valid(file).deployment));
  story = await Story.begin(model);
  const port = story.run.endpoints.find(({ listenerPort }) => listenerPort === 443)?.port;
  const host = "us-east-1.models.example.com";
  const body = JSON.stringify({ model: "llama", messages: [], max_tokens: 1 });
  const statusOf = async (path: string, token?: string) => {
    const headers = {
      ...{ host, "content-type": "application/json" },
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    return (await story.ask({ method: "POST", path, headers, body, port })).status;
  };
  const token = await story.do("token", "llama");
  expect(await statusOf(`/llama${PATH}`, token)).toBe(200);
  expect(await statusOf(`/llama${PATH}`)).toBe(401);
  expect(await statusOf(`/llama${PATH}`, `${token.slice(0, -4)}AAAA`)).toBe(401);
  expect(await statusOf(`/open${PATH}`)).toBe(200);
  expect(await story.do("token", "open")).toBe('no rule asks for a token before "open"');
  expect(tokenAskedBy(model, "llama")?.claims.map(({ name }) => name)).toEqual(["aud", "scope", "client"]);
});
