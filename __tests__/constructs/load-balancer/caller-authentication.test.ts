import {
  actionsFor,
  type CallerAuthentication,
  type TokenAuthentication,
} from "../../../constructs/load-balancer/caller-authentication";

const FINAL = { type: "forward", forward: {} };

const token = (more: Partial<TokenAuthentication> = {}): CallerAuthentication => ({
  token: { issuer: "https://login.example.com/", jwksEndpoint: "https://login.example.com/keys", ...more },
});
const signIn = (more: object = {}): CallerAuthentication => ({
  signIn: {
    issuer: "https://login.example.com",
    authorizationEndpoint: "https://login.example.com/authorize",
    tokenEndpoint: "https://login.example.com/token",
    userInfoEndpoint: "https://login.example.com/userinfo",
    clientId: "models",
    clientSecret: "a secret",
    ...more,
  },
});
const claim = (name: string, values: readonly string[] = ["chat"], format = "single-string" as const) => ({
  name,
  values,
  format,
});

it("is nothing but the action without authentication", () => {
  expect(actionsFor(FINAL, undefined)).toEqual([FINAL]);
});

it("checks a token before the action", () => {
  const claims = [claim("scope", ["chat", "embed"])];
  expect(actionsFor(FINAL, token({ claims }))).toEqual([
    {
      order: 1,
      type: "jwt-validation",
      jwtValidation: {
        issuer: "https://login.example.com/",
        jwksEndpoint: "https://login.example.com/keys",
        additionalClaim: claims,
      },
    },
    { order: 2, ...FINAL },
  ]);
});

it("has people sign in before the action, for a week by default", () => {
  expect(actionsFor(FINAL, signIn())).toEqual([
    {
      order: 1,
      type: "authenticate-oidc",
      authenticateOidc: {
        ...signIn().signIn,
        onUnauthenticatedRequest: "authenticate",
        scope: "openid",
        sessionTimeout: 604_800,
      },
    },
    { order: 2, ...FINAL },
  ]);
});

const claims = (...names: readonly string[]) => token({ claims: names.map((name) => claim(name)) });

it.each<[string, CallerAuthentication, string]>([
  ["keys without https", token({ jwksEndpoint: "http://a/keys" }), "jwksEndpoint must have 1 to 256"],
  ["a long issuer", token({ issuer: "a".repeat(257) }), "issuer must have 1 to 256"],
  ["eleven claims", claims(..."abcdefghijk"), "the number of claims must be a whole number from 0 to 10"],
  ["a claim twice", claims("a", "a"), "a claim is listed twice"],
  ["a claim without a name", claims(""), 'claim ""'],
  ["a claim that is always checked", claims("exp"), 'claim "exp": exp, iat, iss, nbf are always checked'],
  ["a claim without values", token({ claims: [claim("a", [])] }), "from 1 to 10; got 0"],
  [
    "a long value",
    token({ claims: [claim("a", ["b".repeat(257)])] }),
    "a value of claim a must have 1 to 256",
  ],
  [
    "a space in one of several values",
    token({ claims: [{ name: "a", format: "space-separated-values", values: ["b c"] }] }),
    'a value of claim a holds a space: "b c"',
  ],
  [
    "a provider without https",
    signIn({ tokenEndpoint: "http://a/token" }),
    "tokenEndpoint must have 1 to 2048",
  ],
  ["a session of 8 days", signIn({ sessionTimeout: 691_200 }), "sessionTimeout must be a whole number"],
])("refuses %s", (_what, authentication, message) => {
  expect(() => actionsFor(FINAL, authentication)).toThrow(message);
});
