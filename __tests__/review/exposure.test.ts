import { fromSynthesized } from "../../review/read-synthesized";
import { review } from "../../review/review";
import { validFile, validModel, type WrittenFile } from "../support/serving-file";
import { reviewOf } from "./plans";
import { reviewOfFiles } from "./synthesized";

const exposureIn = (before: WrittenFile, after: WrittenFile) =>
  reviewOfFiles(before, after).exposure.map(({ says }) => says);
const withModel = (change: Partial<WrittenFile["models"][string]>): WrittenFile => ({
  ...validFile(),
  models: { llama: { ...validModel(), ...change } },
});

test("a wider allow says who may connect, in a real plan and in JSON", () => {
  const allow: WrittenFile["entry"]["allow"] = ["203.0.113.0/24", "198.51.100.0/24"];
  expect(exposureIn(validFile(), { ...validFile(), entry: { ...validFile().entry, allow } })).toContain(
    "198.51.100.0/24 may connect to tcp port 443 of aws_security_group.entry_alb_security-group",
  );
  expect(reviewOf("open").exposure.map(({ says }) => says)).toContainEqual(
    expect.stringMatching(/^0\.0\.0\.0\/0 may connect to tcp port 443/),
  );
});

test("a narrower allow, another image and another model expose nothing", () => {
  const allow: WrittenFile["entry"]["allow"] = ["203.0.113.0/24", "198.51.100.0/24"];
  expect(exposureIn({ ...validFile(), entry: { ...validFile().entry, allow } }, validFile())).toEqual([]);
  expect(exposureIn(validFile(), withModel({ image: "vllm/vllm-openai:v0.29.0" }))).toEqual([]);
  const models = { llama: validModel(), qwen: validModel() };
  expect(exposureIn(validFile(), { ...validFile(), models })).toEqual([]);
});

test("other weights are a right that grew, by action and resource", () => {
  const weights = { uri: "s3://example-weights/other/", size: "15GiB" };
  expect(exposureIn(validFile(), withModel({ weights }))).toContain(
    "may now s3:GetObject on arn:aws:s3:::example-weights/other/*",
  );
});

test("logs that go are said", () => {
  const off: WrittenFile = { ...validFile(), entry: { ...validFile().entry, logs: { access: false } } };
  expect(exposureIn(validFile(), off)).toContain("the load balancer writes these logs no longer");
});

describe("who may call what", () => {
  const JWT = { issuer: "https://login.example.com/", jwks: "https://login.example.com/keys" };
  const KEY = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf";
  const team = (...values: readonly string[]) => ({ team: { format: "single-string", values: [...values] } });
  const withCallers = (callers: object | string, fields: object = {}, models = {}): WrittenFile =>
    ({
      ...validFile(),
      entry: { ...validFile().entry, callers },
      models: { llama: { ...validModel(), ...fields }, ...models },
    }) as WrittenFile;
  const jwt = withCallers({ jwt: JWT });

  test.each<[string, WrittenFile, WrittenFile, readonly string[]]>([
    ["no token", jwt, withCallers("unauthenticated"), ["clients need a token no longer to reach llama"]],
    [
      "no key",
      withCallers("apiKey", { apiKey: KEY }),
      withCallers("unauthenticated"),
      ["llama main gets VLLM_API_KEY no longer: a key that it asked its callers for"],
    ],
    [
      "nothing of a new model",
      jwt,
      withCallers({ jwt: JWT }, {}, { open: { ...validModel(), callers: "unauthenticated" } }),
      ["clients need a token no longer to reach open"],
    ],
    [
      "no claims",
      withCallers({ jwt: { ...JWT, claims: team("ml") } }),
      jwt,
      ["tokens with fewer or other claims are enough to reach llama"],
    ],
    [
      "more values of a claim",
      withCallers({ jwt: { ...JWT, claims: team("ml") } }),
      withCallers({ jwt: { ...JWT, claims: team("ml", "sales") } }),
      ["tokens with fewer or other claims are enough to reach llama"],
    ],
    [
      "tokens of another issuer",
      jwt,
      withCallers({ jwt: { ...JWT, issuer: "https://other.example.com/" } }),
      [
        "clients show a token of https://other.example.com/ instead of a token of https://login.example.com/ to reach llama",
      ],
    ],
    [
      "no certificate",
      withCallers({ mtls: { bundle: "s3://example-trust/bundle.pem" } }),
      withCallers("unauthenticated"),
      ["clients need a certificate no longer to reach llama"],
    ],
  ])("is said where it is %s", (_, before, after, says) => {
    expect(exposureIn(before, after).filter((each) => !/may connect|may now/.test(each))).toEqual(says);
  });

  test.each<[string, WrittenFile, WrittenFile]>([
    ["a token where there was none", withCallers("unauthenticated"), jwt],
    ["more claims", jwt, withCallers({ jwt: { ...JWT, claims: team("ml") } })],
    ["a new model that asks for the same", jwt, withCallers({ jwt: JWT }, {}, { other: validModel() })],
    ["a key where there was none", withCallers("unauthenticated"), withCallers("apiKey", { apiKey: KEY })],
  ])("is not said of %s", (_, before, after) => {
    expect(exposureIn(before, after).filter((each) => !/may connect|may now/.test(each))).toEqual([]);
  });
});

test.each<[string, string, object]>([
  ["a rule of its own", "aws_security_group_rule", { type: "ingress", security_group_id: "sg-1" }],
  ["a security group", "aws_security_group", {}],
])("what %s lets in from everywhere is said in any spelling", (_, type, more) => {
  const stack = (blocks: readonly string[]) => {
    const rule = { from_port: 22, to_port: 22, protocol: "tcp", cidr_blocks: blocks };
    const body = type === "aws_security_group" ? { ingress: [rule] } : { ...rule, ...more };
    return { main: { resource: { [type]: { ssh: body } } } };
  };
  const { exposure } = review(fromSynthesized(stack(["10.0.0.0/8"]), stack(["10.0.0.0/8", "0.0.0.0/0"])), {});
  const group = type === "aws_security_group" ? "aws_security_group.ssh" : "sg-1";
  expect(exposure.map(({ says }) => says)).toEqual([`0.0.0.0/0 may connect to tcp port 22 of ${group}`]);
});
