import type { WrittenFile } from "../../support/serving-file";
import { valid, validFile, validModel } from "../../support/serving-file";

type Models = WrittenFile["models"];

const KEY = "arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf";

function wafOf(waf: WrittenFile["entry"]["waf"], models: Models = validFile().models, more = {}) {
  const file = { ...validFile(), models, entry: { ...validFile().entry, ...more, waf } };
  return valid(file).deployment.regions[0]?.entry.waf;
}

test("there is none unless the file has one", () => {
  expect(wafOf(undefined)).toBeUndefined();
  expect(wafOf(false)).toBeUndefined();
});

describe("the requests of one client", () => {
  it("are what all instances serve at max", () => {
    const waf = wafOf({});
    expect(waf?.requestsOfAddress).toMatchObject({
      value: 360,
      unit: "requests/min",
      inputs: { served: 360 },
    });
    expect(waf?.requestsOfKey?.value).toBe(360);
  });

  it("are as written", () => {
    const waf = wafOf({ requestsPerMinute: { key: 20 } });
    expect(waf?.requestsOfKey).toMatchObject({ value: 20, insteadOf: 360 });
    expect(waf?.requestsOfAddress?.value).toBe(360);
  });

  it("are never fewer than AWS WAF can count", () => {
    const slow = { ...validModel(), scaling: { requestsPerMinutePerInstance: 1 } };
    expect(wafOf({}, { slow })?.requestsOfAddress?.value).toBe(10);
  });

  it("are as written where nothing says what an instance serves", () => {
    const models: Models = { llama: { ...validModel(), capacity: { min: 3, max: 3 }, scaling: undefined } };
    const waf = wafOf({ requestsPerMinute: { address: 50, key: 20 } }, models);
    expect(waf?.requestsOfAddress).toMatchObject({ value: 50, rule: "as written" });
  });
});

describe("a key is asked for", () => {
  const keyed = { ...validModel(), apiKey: KEY };
  const open = validModel();

  it("everywhere when all models ask for one", () => {
    expect(wafOf({}, { a: keyed, b: keyed })?.keyed).toBe("everywhere");
  });

  it("nowhere when none does", () => {
    expect(wafOf({}, { a: open })?.keyed).toEqual([]);
  });

  it("under the prefixes of those that do", () => {
    expect(wafOf({}, { a: keyed, b: open, c: keyed })?.keyed).toEqual(["/a/", "/c/"]);
    const written: Models = { a: { ...keyed, routes: [{ prefix: "/chat" }] }, b: open };
    expect(wafOf({}, written)?.keyed).toEqual(["/chat/"]);
  });

  it("also beside a default model, which gets what no other route takes", () => {
    expect(wafOf({}, { a: keyed, b: open }, { default: "b" })?.keyed).toEqual(["/a/"]);
  });

  it("nowhere where a route of another model may be under the prefix", () => {
    const beside = (routes: NonNullable<Models[string]["routes"]>): Models => ({
      a: keyed,
      b: { ...open, routes },
    });
    expect(wafOf({}, beside([{ path: "/a/free" }]))?.keyed).toEqual([]);
    expect(wafOf({}, beside([{ path: "/*/free" }]))?.keyed).toEqual([]);
    expect(wafOf({}, beside([{ headers: { "x-model": "b" } }]))?.keyed).toEqual([]);
    expect(wafOf({}, beside([{ path: "/ab/*" }]))?.keyed).toEqual(["/a/"]);
  });

  it("by the server alone where a route has more than a prefix", () => {
    const byHost: Models = { a: { ...keyed, routes: [{ prefix: "/a", host: "a.example.com" }] }, b: open };
    expect(wafOf({}, byHost)?.keyed).toEqual([]);
  });
});
