import { loadDeployment } from "../../../config/load";
import { callersRows, callersTable } from "../../../config/report/callers";
import { valid, validFile, type WrittenFile } from "../../support/serving-file";

const rowsOf = (file: WrittenFile) =>
  callersRows(valid(file).deployment).map(({ what, from, shows }) => [what, from, shows]);
const withCallers = (callers: WrittenFile["entry"]["callers"]): WrittenFile => ({
  ...validFile(),
  entry: { ...validFile().entry, callers },
});
const LIST = "GET /v1/models";

it("says of each model what a caller shows, and what is open beside", () => {
  const loaded = loadDeployment("docs/callers.yaml");
  const rows = loaded.ok ? callersRows(loaded.deployment) : [];
  const token = "a token of https://login.example.com/ with ";
  expect(rows.map(({ what, shows }) => [what, shows])).toEqual([
    ["embeddings", "its API key, to the server"],
    ["llama-3-8b", `${token}scope models.invoke`],
    ["llama-finance", `${token}scope models.invoke and department finance`],
    [LIST, `${token}scope models.invoke`],
    ...["embeddings", "llama-3-8b", "llama-finance"].map((model) => [
      `GET /.well-known/health/${model}`,
      "nothing; it leads to the health check of the server alone",
    ]),
  ]);
  expect(new Set(rows.map(({ from }) => from))).toEqual(
    new Set(["203.0.113.0/24", "203.0.113.0/24, and Route 53's health checkers"]),
  );
});

it("says what the listener or nobody asks for", () => {
  const { llama } = validFile().models;
  const address = "203.0.113.0/24";
  expect(rowsOf(withCallers("unauthenticated"))).toEqual([
    ["llama", address, "nothing"],
    [LIST, address, "nothing"],
  ]);
  expect(rowsOf(withCallers({ mtls: { bundle: "s3://example-authorities/a.pem" } }))).toEqual([
    ["llama", address, "a certificate of s3://example-authorities/a.pem"],
    [LIST, address, "a certificate of s3://example-authorities/a.pem"],
  ]);
  const apiKey = "arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf";
  const keyed = { ...withCallers("apiKey"), models: { llama: { ...llama, apiKey } } } as WrittenFile;
  expect(rowsOf(keyed)).toEqual([["llama", address, "its API key, to the server"]]);
  const gateway = {
    ...llama,
    server: "custom",
    port: 4000,
    health: { path: "/health" },
    secrets: { LITELLM_MASTER_KEY: apiKey },
  };
  const guarded = { ...withCallers("unauthenticated"), models: { gateway } } as WrittenFile;
  expect(rowsOf(guarded)).toContainEqual(["gateway", address, "what the server asks by LITELLM_MASTER_KEY"]);
  const everybody = { ...validFile().entry, allow: "anyone-on-the-internet" as const };
  expect(rowsOf({ ...validFile(), entry: everybody })[0]).toEqual([
    "llama",
    "anyone on the internet",
    "nothing",
  ]);
});

it("is a table", () => {
  const row = { region: "us-east-1", what: "llama", from: "203.0.113.0/24", shows: "nothing" };
  expect(callersTable([row])).toBe(
    "region     to call  from            a caller shows\nus-east-1  llama    203.0.113.0/24  nothing",
  );
});
