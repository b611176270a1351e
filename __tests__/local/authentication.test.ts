import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { readDeployment } from "../../simulation/terraform/read";
import { Story } from "../support/local-story";

jest.setTimeout(120_000);

const ISSUER = "https://issuer.example.com";

let story: Story;
let issuer: Server;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
/** What the issuer's key set has. */
let published: readonly JWK[];

beforeAll(async () => {
  keys = await generateKeyPair("RS256");
  issuer = createServer((_request, response) => response.end(JSON.stringify({ keys: published })));
  await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve));
});
beforeEach(async () => {
  published = [{ ...(await exportJWK(keys.publicKey)), kid: "1", alg: "RS256" }];
});
afterEach(() => story.end());
afterAll(() => {
  issuer.close();
  issuer.closeAllConnections();
});

const ref = (expression: string) => `\${${expression}}`;

/** A listener whose rule for `/open` lets everybody through, and whose default action has told actions before it. */
async function serving(before: object, listener: object = {}): Promise<readonly string[]> {
  const forward = { type: "forward", target_group_arn: ref("aws_lb_target_group.own.arn") };
  const resource = {
    aws_lb: { own: { subnets: ["subnet-1"] } },
    aws_lb_listener: {
      own: {
        ...{ load_balancer_arn: ref("aws_lb.own.arn"), port: 443, protocol: "HTTPS", ...listener },
        default_action: [
          { order: 2, ...forward },
          { order: 1, ...before },
        ],
      },
    },
    aws_lb_listener_rule: {
      open: {
        ...{ listener_arn: ref("aws_lb_listener.own.arn"), priority: 1, action: [forward] },
        condition: [{ path_pattern: { values: ["/open"] } }],
      },
    },
    aws_lb_target_group: { own: { health_check: { path: "/health" } } },
    aws_autoscaling_group: {
      own: {
        ...{ min_size: 1, max_size: 1, vpc_zone_identifier: ["subnet-1"] },
        target_group_arns: [ref("aws_lb_target_group.own.arn")],
        // It is checked when its server is there.
        initial_lifecycle_hook: {
          ...{ name: "ready", lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING" },
          heartbeat_timeout: 60,
        },
      },
    },
  };
  const model = readDeployment({ own: { resource } });
  story = await Story.begin(model);
  return model.notSimulated;
}

const jwt = () => ({
  type: "jwt-validation",
  jwt_validation: {
    ...{ issuer: ISSUER, jwks_endpoint: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys` },
    additional_claim: [
      { name: "scope", format: "space-separated-values", values: ["chat"] },
      { name: "aud", format: "string-array", values: ["models"] },
      { name: "client", format: "single-string", values: ["a", "b"] },
    ],
  },
});

const CLAIMS = { scope: "chat embed", aud: ["models", "other"], client: "b" };

function token(claims: object = {}, change = (made: SignJWT) => made): Promise<string> {
  const made = new SignJWT({ ...CLAIMS, ...claims })
    .setProtectedHeader({ alg: "RS256", kid: "1" })
    .setIssuer(ISSUER)
    .setIssuedAt()
    .setExpirationTime("1h");
  return change(made).sign(keys.privateKey);
}

async function statusWith(authorization?: string, path = "/v1/models"): Promise<number> {
  return (await story.ask({ path, headers: authorization === undefined ? {} : { authorization } })).status;
}

it("lets those through whose token is valid, and no others", async () => {
  expect(await serving(jwt())).toEqual([]);
  expect(await statusWith(undefined, "/open")).toBe(200);
  expect(await statusWith(`Bearer ${await token()}`)).toBe(200);
  const second = 1000;
  const other = await generateKeyPair("RS256");
  const bad: readonly (string | undefined)[] = [
    undefined,
    "Basic x",
    "Bearer x",
    ...(
      await Promise.all([
        token({ scope: "embed" }),
        token({ aud: ["other"] }),
        token({ client: "c" }),
        token({}, (made) => made.setIssuer("https://other.example.com")),
        token({}, (made) => made.setExpirationTime(new Date(Date.now() - second))),
        token({}, (made) => made.setNotBefore(new Date(Date.now() + 600 * second))),
        token({}, (made) => made.setIssuedAt(new Date(Date.now() + 600 * second))),
        new SignJWT({ ...CLAIMS, iss: ISSUER }).setProtectedHeader({ alg: "RS256" }).sign(keys.privateKey),
        new SignJWT({ ...CLAIMS, iss: ISSUER })
          .setProtectedHeader({ alg: "RS256", kid: "1" })
          .setExpirationTime("1h")
          .sign(other.privateKey),
        new SignJWT({ ...CLAIMS, iss: ISSUER })
          .setProtectedHeader({ alg: "HS256" })
          .setExpirationTime("1h")
          .sign(new TextEncoder().encode("x".repeat(32))),
      ])
    ).map((each) => `Bearer ${each}`),
  ];
  for (const each of bad) {
    expect([each, await statusWith(each)]).toEqual([each, 401]);
  }
});

it("lets nobody through where the key set is too large", async () => {
  published = Array.from({ length: 11 }, (_, index) => ({ ...published[0], kid: String(index) })) as JWK[];
  await serving(jwt());
  expect(await statusWith(`Bearer ${await token()}`)).toBe(500);
});

it("lets nobody through an action that is not simulated, and says so by name", async () => {
  const notes = await serving({ type: "authenticate-oidc", authenticate_oidc: { issuer: ISSUER } });
  expect(notes).toEqual([
    "own: aws_lb_listener.own has the action authenticate-oidc, which is not simulated: it lets nobody through here",
  ]);
  expect([await statusWith(), await statusWith(undefined, "/open")]).toEqual([500, 200]);
});

it("lets nobody through a listener that asks for certificates of clients, and says so by name", async () => {
  const notes = await serving(jwt(), { mutual_authentication: { mode: "verify" } });
  expect(notes).toEqual([
    "own: aws_lb_listener.own has mutual_authentication verify, which is not simulated: it lets nobody through here",
  ]);
  expect([await statusWith(), await statusWith(undefined, "/open")]).toEqual([500, 500]);
});
