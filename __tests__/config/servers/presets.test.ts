import {
  defaultPort,
  presetOf,
  type ServerName,
  serverPresets,
  tlsOf,
} from "../../../config/servers/presets";

test("a custom server has no preset", () => {
  expect(presetOf("custom")).toBeUndefined();
  expect(defaultPort("custom", "http1")).toBeUndefined();
  expect(tlsOf("custom", "http1")).toBeUndefined();
});

test.each(Object.keys(serverPresets) as ServerName[])("of %s all facts have a source", (server) => {
  expect(presetOf(server)?.source).toMatch(/\w/);
  expect(presetOf(server)?.tls.source).toMatch(/\w/);
  expect(presetOf(server)?.probe?.source ?? "no probe").toMatch(/\w/);
  expect(presetOf(server)?.protocols?.source ?? "nothing is documented").toMatch(/\w/);
});

test("gRPC has a port of its own where the server has one for it", () => {
  expect([defaultPort("triton", "http1"), defaultPort("triton", "grpc")]).toEqual([8000, 8001]);
  expect([defaultPort("sglang", "http1"), defaultPort("sglang", "grpc")]).toEqual([30000, 30000]);
});

test("a server that supports TLS for gRPC only has none for another protocol", () => {
  expect(tlsOf("triton", "grpc")?.by).toBe("argument");
  expect(tlsOf("triton", "http1")).toMatchObject({ by: "none", why: "triton supports it for gRPC only" });
  expect(tlsOf("vllm", "http1")).toBe(serverPresets.vllm.tls);
});

test.each(Object.entries(serverPresets))("one of the gauges of %s counts waiting requests", (_, preset) => {
  const { gauges = [], waiting } = "metrics" in preset ? preset.metrics : {};
  expect(waiting === undefined || (gauges as readonly string[]).includes(waiting)).toBe(true);
});

test("what is posted to a server is JSON", () => {
  const bodies = Object.values(serverPresets).flatMap((preset) =>
    "probe" in preset ? [preset.probe.body] : [],
  );
  expect(bodies).toHaveLength(6);
  for (const body of bodies) {
    expect(() => JSON.parse(body)).not.toThrow();
  }
});
