import fc from "fast-check";
import { SignJWT } from "jose";
import type { ConditionModel, ListenerModel, RuleModel, TokenModel } from "../../simulation/model";
import type { RequestFacts } from "../../simulation/requests/request";
import { rulesOf } from "../../simulation/requests/rules";
import { readDeployment } from "../../simulation/terraform/read";
import { ISSUER } from "../support/arbitrary-callers";
import { arbitraryServingFile } from "../support/arbitrary-serving-file";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { forwardingListeners, Judge } from "../support/judge";
import { SERVER_IMAGES } from "../support/server-images";
import { loadFile, valid, validFile, type WrittenFile } from "../support/serving-file";
import { resourcesOf, synthesized } from "../support/synthesis";

jest.setTimeout(600_000);

type Callers = NonNullable<WrittenFile["entry"]["callers"]>;

const LOGIN = "https://login.example.com";
const JWKS = `${LOGIN}/keys`;
const CLAIM = { format: "space-separated-values" as const, values: ["models.invoke"] };
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf";
const KEYED = { ...validFile().models.llama, apiKey: SECRET } as WrittenFile["models"][string];

const withCallers = (callers: Callers, more: Partial<WrittenFile> = {}): WrittenFile => ({
  ...validFile(),
  ...more,
  entry: { ...validFile().entry, default: "llama", ...more.entry, callers },
});

const request = (more: Partial<RequestFacts> = {}): RequestFacts => ({
  ...{ method: "POST", host: "us-east-1.models.example.com", path: "/v1/chat/completions", query: "" },
  ...{ headers: {}, source: "203.0.113.7" },
  ...more,
});

function rulesIn(file: WrittenFile) {
  const [listener] = forwardingListeners(readDeployment(synthesized(valid(file).deployment)));
  return rulesOf(listener as ListenerModel);
}

let judge: Judge;
beforeAll(async () => {
  judge = await Judge.make();
});

describe("tokens", () => {
  const jwt = { issuer: ISSUER, jwks: JWKS, claims: { scope: CLAIM } };
  const scope = "models.invoke other";
  const mistral = { ...validFile().models.llama } as WrittenFile["models"][string];
  const file = withCallers(
    { jwt },
    {
      models: {
        llama: mistral,
        mistral: { ...mistral, callers: { claims: { aud: { format: "single-string", values: ["m"] } } } },
        qwen: { ...mistral, callers: "unauthenticated" },
      },
    },
  );
  const own = (path: string) => request({ path });

  test("let those through whose token is right, and turn all others away by the same rule", async () => {
    const rules = rulesIn(file);
    const secret = new TextEncoder().encode("x".repeat(32));
    const other = (await Judge.make()).token({ iss: ISSUER, scope });
    const ago = new Date(Date.now() - 1000);
    const tokens = {
      right: judge.token({ iss: ISSUER, scope }),
      none: undefined,
      expired: judge.token({ iss: ISSUER, scope }, (made) => made.setExpirationTime(ago)),
      "of another issuer": judge.token({ iss: `${LOGIN}/other`, scope }),
      "by another key": other,
      "by another algorithm": new SignJWT({ iss: ISSUER, scope })
        .setProtectedHeader({ alg: "HS256" })
        .setExpirationTime("1h")
        .sign(secret),
      "without the claim": judge.token({ iss: ISSUER }),
      "with another claim": judge.token({ iss: ISSUER, scope: "models.invokes" }),
    };
    const passed = await Promise.all(
      Object.entries(tokens).map(async ([name, token]) => {
        const shown = { token: await token };
        const { rule, forwarded } = await judge.judge(rules, own("/v1/chat/completions"), shown);
        return [name, rule, forwarded];
      }),
    );
    const [[, rule] = []] = passed;
    expect(rule).toMatch(/^aws_lb_listener_rule\.rule_/);
    expect(passed).toEqual(
      Object.keys(tokens).map((name) => [name, rule, name === "right" ? "/v1/chat/completions" : undefined]),
    );
  });

  test("have the claims of the model too, and no token where it is open", async () => {
    const rules = rulesIn(file);
    const token = await judge.token({ iss: ISSUER, scope });
    const more = await judge.token({ iss: ISSUER, scope, aud: "m" });
    const through = async (path: string, shown: object) =>
      (await judge.judge(rules, own(path), shown)).forwarded;
    expect(await through("/mistral/v1/completions", { token })).toBeUndefined();
    expect(await through("/mistral/v1/completions", { token: more })).toBe("/v1/completions");
    expect(await through("/qwen/v1/completions", {})).toBe("/v1/completions");
  });

  test("stand before the default action, and before the list of models", () => {
    const open = { ...mistral, publicPaths: "every-path-of-the-server" as const };
    const stack = synthesized(valid(withCallers({ jwt }, { models: { llama: open, mistral } })).deployment)[
      "us-east-1"
    ];
    const { "aws_lb_listener.entry_alb_https": listener, "aws_lb_listener_rule.model-list": list } =
      Object.fromEntries(resourcesOf(stack));
    const check = {
      order: 1,
      type: "jwt-validation",
      jwt_validation: {
        issuer: ISSUER,
        jwks_endpoint: JWKS,
        additional_claim: [{ name: "scope", ...CLAIM }],
      },
    };
    expect(listener.default_action).toEqual([check, expect.objectContaining({ order: 2, type: "forward" })]);
    expect(list.action).toEqual([check, expect.objectContaining({ order: 2, type: "fixed-response" })]);
  });

  test("are checked with keys that the load balancer may fetch", () => {
    const resources = resourcesOf(synthesized(valid(file).deployment)["us-east-1"]);
    expect(
      resources.get("aws_vpc_security_group_egress_rule.entry_alb_security-group_to-identity-provider"),
    ).toMatchObject({ cidr_ipv4: "0.0.0.0/0", from_port: 443, to_port: 443 });
  });
});

test("certificates are asked for by the listener, and none by the one that redirects", () => {
  const mtls = { bundle: "s3://example-authorities/a.pem", revocations: ["s3://example-authorities/a.crl"] };
  const resources = resourcesOf(synthesized(valid(withCallers({ mtls })).deployment)["us-east-1"]);
  expect(resources.get("aws_lb_listener.entry_alb_https")?.mutual_authentication).toEqual({
    mode: "verify",
    trust_store_arn: `\${aws_lb_trust_store.entry_clients.arn}`,
  });
  expect(resources.get("aws_lb_listener.entry_alb_http")).not.toHaveProperty("mutual_authentication");
  expect([...resources.keys()].filter((key) => key.startsWith("aws_lb_trust_store_revocation"))).toHaveLength(
    1,
  );
});

test("certificates turn Route 53's health checks away, so that alarms decide", () => {
  const file = globalEndpointFile({ routing: "latency" });
  const { deployment } = valid({
    ...file,
    entry: { ...file.entry, callers: { mtls: { bundle: "s3://example-authorities/a.pem" } } },
  });
  expect(deployment.regions.map(({ globalEndpoint }) => globalEndpoint?.rules)).toEqual([[], []]);
  expect(deployment.globalEndpoint?.regions.flatMap(({ models }) => models)).toEqual([
    expect.objectContaining({ healthCheckPath: undefined, whenUnknown: "out of service" }),
    expect.objectContaining({ healthCheckPath: undefined, whenUnknown: "out of service" }),
  ]);
});

test("the secret of sign-ins is a variable, and in no file", () => {
  const oidc = {
    issuer: LOGIN,
    authorizationEndpoint: `${LOGIN}/authorize`,
    tokenEndpoint: `${LOGIN}/token`,
    userInfoEndpoint: `${LOGIN}/userinfo`,
    clientId: "models",
    clientSecretInState: "accepted" as const,
  };
  const stack = synthesized(valid(withCallers({ oidc })).deployment)["us-east-1"];
  expect(stack?.variable).toEqual({
    oidc_client_secret: expect.objectContaining({ type: "string", sensitive: true, nullable: false }),
  });
  const secrets = [...resourcesOf(stack).values()].flatMap(({ action }) =>
    (Array.isArray(action) ? action : []).flatMap(({ authenticate_oidc: each }) => each?.client_secret ?? []),
  );
  expect(new Set(secrets)).toEqual(new Set([`\${var.oidc_client_secret}`]));
});

describe("keys", () => {
  test("guard all that is open, and the load balancer tells nobody the models", async () => {
    const rules = rulesIn(withCallers("apiKey", { models: { llama: KEYED } }));
    const through = async (method: string, path: string) =>
      (await judge.judge(rules, request({ method, path }))).forwarded;
    expect(await through("POST", "/v1/chat/completions")).toBe("/v1/chat/completions");
    expect(await through("GET", "/v1/models")).toBe("/v1/models");
    for (const path of ["/health", "/tokenize", "/metrics", "/invocations", "/"]) {
      expect([path, await through("GET", path), await through("POST", path)]).toEqual([
        path,
        undefined,
        undefined,
      ]);
    }
  });

  test("with a list that is asked for, which anybody gets", () => {
    const asked = (modelList?: boolean) =>
      valid(
        withCallers("apiKey", {
          models: { llama: KEYED, mistral: KEYED },
          entry: { ...validFile().entry, modelList },
        }),
      ).deployment.regions[0]?.modelList;
    expect(asked()).toBeUndefined();
    expect(asked(true)).toBeDefined();
  });
});

/** Whether a rule answers nothing but one health check of Route 53, with the health check of a server. */
function isHealthRule({ conditions, pathRewrite }: RuleModel, healthPaths: ReadonlySet<string>): boolean {
  const of = (field: ConditionModel["field"]) =>
    conditions.flatMap((condition) => (condition.field === field ? [condition.values] : []));
  const [[path = "", ...others] = []] = of("path") as readonly (readonly string[])[];
  return (
    others.length === 0 &&
    /^\/\.well-known\/health\/[a-z0-9-]+$/.test(path) &&
    JSON.stringify(of("method")) === '[["GET"]]' &&
    of("host").length === 1 &&
    pathRewrite?.regex === "^.*$" &&
    healthPaths.has(pathRewrite.replace)
  );
}

/** A text that a value of a condition matches. */
function textFor(value: string, regex: boolean): string {
  return regex
    ? (fc.sample(fc.stringMatching(new RegExp(value)), { numRuns: 1, seed: 1 })[0] ?? "")
    : value.replaceAll("*", "x").replaceAll("?", "x");
}

/** What a request has that meets a condition. */
function factsFor(condition: ConditionModel): Partial<RequestFacts> {
  switch (condition.field) {
    case "path":
    case "host":
      return { [condition.field]: textFor(condition.values[0] ?? "", condition.regex) };
    case "header":
      return {
        headers: { [condition.name.toLowerCase()]: textFor(condition.values[0] ?? "", condition.regex) },
      };
    case "method":
      return { method: condition.values[0] };
    case "query": {
      const [{ key = "any", value = "" } = {}] = condition.values;
      return { query: `${textFor(key, false)}=${textFor(value, false)}` };
    }
    case "source":
      return { source: condition.values[0]?.split("/")[0] };
  }
}

/** A request that meets all that a rule asks. */
function requestFor({ conditions }: Pick<RuleModel, "conditions">): RequestFacts {
  const facts = conditions.map(factsFor);
  const headers = Object.assign({}, ...facts.map((each) => each.headers));
  return { ...Object.assign(request({ path: "/nothing-else-asks-for-this" }), ...facts), headers };
}

test("whatever a file asks of callers, no rule forwards without it, but for health checks and open models", async () => {
  const asking = arbitraryServingFile({ regions: 2, models: 4 }).filter(
    ({ entry }) => entry.callers !== "unauthenticated",
  );
  const webAcl = fc.boolean();
  const asked = { rules: 0, reached: 0, passed: 0 };
  await fc.assert(
    fc.asyncProperty(asking, webAcl, async (drawn, guarded) => {
      const [region = "", ...others] = Object.keys(drawn.regions);
      const webAclArn = `arn:aws:wafv2:${region}:123456789012:regional/webacl/chat/1234abcd-12ab-34cd-56ef-1234567890ab`;
      const file: WrittenFile =
        guarded && others.length === 0
          ? { ...drawn, entry: { ...drawn.entry, waf: false, webAclArn } }
          : drawn;
      const { deployment } = valid(file);
      const open = new Set(
        Object.entries(file.models).flatMap(([name, model]) =>
          model.callers === "unauthenticated" ? [name] : [],
        ),
      );
      const { regions } = readDeployment(synthesized(deployment));
      for (const { name, entry, models } of deployment.regions) {
        const { callers } = entry;
        const healthPaths = new Set(models.map(({ healthPath }) => healthPath));
        const modelOf = (address: string) =>
          models.find((model) => address.startsWith(`aws_lb_target_group.model_${model.name}_`))?.name ?? "";
        for (const listener of forwardingListeners({
          regions: regions.filter((each) => each.name === name),
        })) {
          const rules = rulesOf(listener);
          for (const rule of [
            ...listener.rules,
            { address: listener.address, action: listener.defaultAction, conditions: [] },
          ]) {
            const { action } = rule;
            if (
              callers.kind === "unauthenticated" ||
              action.type !== "forward" ||
              isHealthRule(rule as RuleModel, healthPaths)
            ) {
              continue;
            }
            const to = new Set(action.targetGroups.map(({ targetGroup }) => modelOf(targetGroup)));
            expect(to.size).toBe(1);
            const [model = ""] = to;
            if (open.has(model)) {
              continue;
            }
            const made = requestFor(rule);
            const { rule: taken, forwarded } = await judge.judge(rules, made);
            asked.rules += 1;
            asked.reached += taken === rule.address ? 1 : 0;
            if (callers.kind === "apiKey") {
              const { server } = models.find((each) => each.name === model) ?? {};
              expect(forwarded === undefined || asksForItsKey(server, made.method, forwarded)).toBe(true);
              continue;
            }
            expect([rule.address, action.authentication]).toEqual([rule.address, expect.anything()]);
            expect([taken, forwarded]).toEqual([taken, undefined]);
            if (callers.kind === "jwt" && taken === rule.address) {
              const token = await judge.token(claimsFor(action.authentication as TokenModel));
              expect((await judge.judge(rules, made, { token })).forwarded).toBeDefined();
              asked.passed += 1;
            }
          }
        }
      }
    }),
    { numRuns: 40 },
  );
  // A rule that another one hides, or whose example is no path, is not reached: few are.
  expect(asked.reached).toBeGreaterThan(asked.rules * 0.8);
  expect(asked.passed).toBeGreaterThan(5);
});

/** Claims of a token that passes. */
function claimsFor({ issuer, claims }: TokenModel): Readonly<Record<string, unknown>> {
  return {
    iss: issuer,
    ...Object.fromEntries(
      claims.map(({ name, format, values }) => [
        name,
        format === "string-array" ? values : format === "single-string" ? values[0] : values.join(" "),
      ]),
    ),
  };
}

/**
 * Whether a server asks for its key, as its source has it. Sources: vLLM, entrypoints/serve/middleware/authenticate.py;
 * SGLang, srt/utils/auth.py; llama.cpp, tools/server/server-http.cpp; Text Generation Inference, router/src/server.rs;
 * Text Embeddings Inference, router/src/http/server.rs. None of them asks where a browser asks whether it may send more.
 */
function asksForItsKey(server: string | undefined, method: string, path: string): boolean {
  if (method === "OPTIONS") {
    return false;
  }
  switch (server) {
    case "vllm":
      return path.startsWith("/v1");
    case "sglang":
      return !/^\/(health|metrics)|^\/v1\/realtime$/.test(path);
    case "llama.cpp":
      return !["/health", "/v1/health", "/v1/models"].includes(path);
    case "tgi":
      return /^\/(generate|generate_stream|v1\/chat\/completions|v1\/completions|vertex|invocations|tokenize)$/.test(
        path,
      );
    case "tei":
      return !["/", "/health", "/ping", "/metrics", "/docs"].includes(path);
    default:
      return false;
  }
}

test("where keys are all, whatever paths and methods a file opens, a server asks for its key at each", async () => {
  const methods = ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"];
  const paths = [
    ...["/v1/chat/completions", "/v1/*", "/v1/models", "/v1/realtime", "/v2/embed", "/generate", "/embed"],
    ...[
      "/health",
      "/health*",
      "/health_generate",
      "/metrics",
      "/m*",
      "/*",
      "/{id}",
      "/info",
      "/docs",
      "/tokenize",
    ],
  ];
  const places = fc.constantFrom("publicPaths" as const, "routes" as const);
  const servers = fc.constantFrom("vllm", "sglang", "llama.cpp", "tgi", "tei");
  const method = fc.option(fc.subarray(methods, { minLength: 1, maxLength: 2 }), { nil: undefined });
  const opened = { accepted: 0, forwarded: 0 };
  await fc.assert(
    fc.asyncProperty(servers, places, fc.constantFrom(...paths), method, async (server, place, path, by) => {
      const name = server as keyof typeof SERVER_IMAGES;
      const opening = {
        path: place === "routes" ? path.replace("{id}", "*") : path,
        ...(by && { method: by }),
      };
      const model = {
        ...KEYED,
        ...{ server: name, image: SERVER_IMAGES[name], timing: { serverKeepAlive: "2h" } },
        ...(name === "llama.cpp" && { model: "llama.gguf" }),
        [place]: place === "routes" ? [opening, { headers: { "x-model": "llama" } }] : ["preset", opening],
      } as WrittenFile["models"][string];
      const loaded = loadFile(withCallers("apiKey", { models: { llama: model } }));
      if (!loaded.ok) {
        return;
      }
      opened.accepted += 1;
      const [listener] = forwardingListeners(readDeployment(synthesized(loaded.deployment)));
      const rules = rulesOf(listener as ListenerModel);
      for (const wanted of new Set(paths.map((each) => textFor(each.replace("{id}", "a"), false)))) {
        for (const asked of methods) {
          for (const headers of [{}, { "x-model": "llama" }] as const) {
            const { forwarded } = await judge.judge(rules, request({ method: asked, path: wanted, headers }));
            if (forwarded !== undefined) {
              opened.forwarded += 1;
              expect([server, asked, forwarded, asksForItsKey(server, asked, forwarded)]).toEqual([
                ...[server, asked, forwarded, true],
              ]);
            }
          }
        }
      }
    }),
    { numRuns: 60 },
  );
  expect(opened.accepted).toBeGreaterThan(5);
  expect(opened.forwarded).toBeGreaterThan(opened.accepted);
});
