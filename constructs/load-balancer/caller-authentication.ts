import { Token } from "cdktf";
import {
  JWKS_ENDPOINT,
  JWT_CLAIM_VALUE,
  JWT_CLAIMS_CHECKED,
  JWT_CLAIMS_PER_ACTION,
  JWT_ISSUER,
  JWT_VALUES_PER_CLAIM,
  OIDC_ENDPOINT,
  OIDC_SESSION,
} from "../../aws/limits";
import { requireText, requireWithin } from "../require-within";

/** A claim that a token has to have. */
export interface TokenClaim {
  /** Its name; not `iss`, `exp`, `nbf` or `iat`, which are always checked. */
  readonly name: string;

  /** How its value is written: a text, a list of texts, or a text with spaces between several. */
  readonly format: "single-string" | "string-array" | "space-separated-values";

  /** 1 to 10 values, of up to 256 characters. */
  readonly values: readonly string[];
}

/** Tokens (JWT) that clients send as `Authorization: Bearer …`, signed by RS256. */
export interface TokenAuthentication {
  /** The claim `iss` of the tokens, up to 256 characters. */
  readonly issuer: string;

  /** URL of the issuer's public keys, with https, which AWS reaches over the internet: up to 10 keys in 150 KB. */
  readonly jwksEndpoint: string;

  /**
   * Claims that a token has to have beside `iss` and `exp`, up to 10.
   *
   * @default none
   */
  readonly claims?: readonly TokenClaim[];
}

/** An identity provider of OpenID Connect, at which people sign in with a browser. */
export interface SignInAuthentication {
  /** Its identifier, a URL with https. */
  readonly issuer: string;

  /** Where browsers are sent to sign in. */
  readonly authorizationEndpoint: string;

  /** Where the load balancer gets tokens. */
  readonly tokenEndpoint: string;

  /** Where the load balancer gets the claims about a user. */
  readonly userInfoEndpoint: string;

  /** Id of the load balancer at the provider. */
  readonly clientId: string;

  /** Its secret. The state holds it: pass a sensitive variable, and guard the state. */
  readonly clientSecret: string;

  /**
   * What is asked of the provider about a user.
   *
   * @default "openid"
   */
  readonly scope?: string;

  /**
   * Seconds for which a browser is known after it has signed in, 1 to 604800.
   *
   * @default 604800, a week
   */
  readonly sessionTimeout?: number;
}

/** Who may have a request answered. */
export type CallerAuthentication =
  | { readonly token: TokenAuthentication; readonly signIn?: never }
  | { readonly signIn: SignInAuthentication; readonly token?: never };

/** An action that does something with a request, for a rule or for a listener. */
interface FinalAction {
  readonly type: string;
}

/**
 * The actions of a rule or a listener: the check of who calls, if there is one, then what is done with the request. AWS
 * takes such a check at listeners for HTTPS only.
 *
 * Source: ELB user guide, "Action types for listener rules", "Verify JWTs using an Application Load Balancer" and
 * "Authenticate users using an Application Load Balancer".
 *
 * @throws RangeError when there are too many claims or values, or the session is too short or too long
 * @throws Error when AWS would refuse a URL, a claim or a value
 */
export function actionsFor<A extends FinalAction>(
  action: A,
  authentication: CallerAuthentication | undefined,
) {
  return authentication === undefined
    ? [action]
    : [
        { order: 1, ...authenticationAction(authentication) },
        { order: 2, ...action },
      ];
}

function authenticationAction({ token, signIn }: CallerAuthentication) {
  return token === undefined ? signInAction(signIn) : tokenAction(token);
}

function tokenAction({ issuer, jwksEndpoint, claims = [] }: TokenAuthentication) {
  requireText("issuer", issuer, JWT_ISSUER);
  requireText("jwksEndpoint", jwksEndpoint, JWKS_ENDPOINT);
  requireWithin("the number of claims", claims.length, { min: 0, ...JWT_CLAIMS_PER_ACTION });
  const names = claims.map(({ name }) => name);
  for (const { name, format, values } of claims) {
    if (name === "" || JWT_CLAIMS_CHECKED.names.some((each) => each === name)) {
      throw new Error(
        `claim "${name}": ${JWT_CLAIMS_CHECKED.names.join(", ")} are always checked; leave it out`,
      );
    }
    requireWithin(`the number of values of claim ${name}`, values.length, {
      min: 1,
      ...JWT_VALUES_PER_CLAIM,
    });
    for (const value of values) {
      requireText(`a value of claim ${name}`, value, JWT_CLAIM_VALUE);
      if (format === "space-separated-values" && !Token.isUnresolved(value) && value.includes(" ")) {
        throw new Error(`a value of claim ${name} holds a space: "${value}"; write several values`);
      }
    }
  }
  if (new Set(names).size < names.length) {
    throw new Error("a claim is listed twice; give it all its values at once");
  }
  return {
    type: "jwt-validation",
    jwtValidation: {
      issuer,
      jwksEndpoint,
      additionalClaim:
        claims.length === 0
          ? undefined
          : claims.map(({ name, format, values }) => ({ name, format, values: [...values] })),
    },
  };
}

function signInAction({ scope, sessionTimeout, ...provider }: SignInAuthentication) {
  for (const field of ["issuer", "authorizationEndpoint", "tokenEndpoint", "userInfoEndpoint"] as const) {
    requireText(field, provider[field], OIDC_ENDPOINT);
  }
  requireWithin("sessionTimeout", sessionTimeout, OIDC_SESSION);
  const { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientId, clientSecret } = provider;
  return {
    type: "authenticate-oidc",
    authenticateOidc: {
      ...{ issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientId, clientSecret },
      onUnauthenticatedRequest: "authenticate",
      scope: scope ?? "openid",
      sessionTimeout: sessionTimeout ?? OIDC_SESSION.default,
    },
  };
}
