import { probeOf } from "../../../config/plan/probe";
import { type ServerName, serverPresets } from "../../../config/servers/presets";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

function modelWith(fields: Partial<WrittenFile["models"][string]>) {
  const { file } = valid({ ...validFile(), models: { llama: { ...validModel(), ...fields } } });
  const { llama } = file.models;
  if (llama === undefined) {
    throw new Error("there is no model");
  }
  return llama;
}

const ask = (fields: Partial<WrittenFile["models"][string]>) => probeOf(modelWith(fields), 8000);

describe("before an instance enters service, its model", () => {
  test.each(["vllm", "sglang", "tgi", "nim", "ollama", "llama.cpp"] as const)(
    "generates one token, in the form of %s",
    (server) => {
      expect(ask({ server })).toMatchObject({ ...serverPresets[server].probe, port: 8000 });
    },
  );

  test.each<ServerName>(["triton", "ray-serve"])("is absent for %s alone", (server) => {
    expect(ask({ server })).toBeUndefined();
  });

  test("is absent for a custom server", () => {
    expect(ask({ server: "custom", port: 8000, health: { path: "/healthz" } })).toBeUndefined();
  });

  test("is absent over gRPC", () => {
    expect(ask({ protocol: "grpc", arguments: ["--grpc"] })).toBeUndefined();
  });

  test("is absent with probe: health", () => {
    expect(ask({ probe: "health" })).toBeUndefined();
  });

  test("is as written, at the written port", () => {
    const probe = { path: "/v1/embeddings", body: '{"input":"a"}', expect: "embedding", port: 9000 };
    expect(ask({ probe, protocol: "grpc", arguments: ["--grpc"] })).toMatchObject(probe);
    expect(ask({ probe: { path: "/ask" } })).toMatchObject({ path: "/ask", port: 8000 });
  });

  test("takes nothing from the preset when it is written", () => {
    expect(ask({ probe: { path: "/ask" } })).toMatchObject({ body: undefined, expect: undefined });
  });
});

describe("the bearer token of a request", () => {
  test.each<[ServerName, string | undefined]>([
    ["vllm", "VLLM_API_KEY"],
    ["tgi", "API_KEY"],
    ["llama.cpp", "LLAMA_API_KEY"],
    ["sglang", undefined],
  ])("is where %s has it", (server, variable) => {
    expect(ask({ server })?.bearer).toBe(variable);
    expect(ask({ server, probe: { path: "/ask" } })?.bearer).toBe(variable);
  });

  test("is where the team says", () => {
    expect(ask({ env: { KEY: "k" }, probe: { path: "/ask", bearer: "KEY" } })?.bearer).toBe("KEY");
  });
});
