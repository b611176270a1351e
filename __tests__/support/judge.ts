import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from "jose";
import { Tokens } from "../../local/load-balancer/tokens";
import type { DeploymentModel, ListenerModel } from "../../simulation/model";
import type { RequestFacts } from "../../simulation/requests/request";
import { type Rule, ruleFor, rulesOf } from "../../simulation/requests/rules";

/** What a client shows of itself. */
export interface Shown {
  /** A token, as in `Authorization: Bearer …`. */
  readonly token?: string;
}

/** What comes of a request: the rule that answers, and the path that a server gets, where one does. */
export interface Judgement {
  readonly rule: string;
  readonly forwarded: string | undefined;
}

/** The listeners that forward anything, by region. */
export function forwardingListeners({ regions }: Pick<DeploymentModel, "regions">): readonly ListenerModel[] {
  return regions
    .flatMap(({ loadBalancers }) => loadBalancers)
    .flatMap(({ listeners }) => listeners)
    .filter((listener) => rulesOf(listener).some(({ action }) => action.type === "forward"));
}

/** A load balancer as far as it decides who gets through, with an issuer whose tokens it knows. */
export class Judge {
  static async make(): Promise<Judge> {
    const { publicKey, privateKey } = await generateKeyPair("RS256");
    const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: "1", alg: "RS256" }] });
    return new Judge(new Tokens(() => keys), privateKey);
  }

  private constructor(
    private readonly tokens: Tokens,
    private readonly key: Awaited<ReturnType<typeof generateKeyPair>>["privateKey"],
  ) {}

  /** A token of the issuer, for an hour. */
  token(claims: Readonly<Record<string, unknown>>, change = (made: SignJWT) => made): Promise<string> {
    const made = new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .setIssuedAt()
      .setExpirationTime("1h");
    return change(made).sign(this.key);
  }

  /** Nobody gets through a sign-in or a certificate here, as nobody shows one. */
  async judge(rules: readonly Rule[], request: RequestFacts, { token }: Shown = {}): Promise<Judgement> {
    const { address: rule, action, rewritePath } = ruleFor(rules, request);
    const by = action.authentication;
    const isIn =
      by === undefined ||
      (by.type === "jwt" && (await this.tokens.check(token && `Bearer ${token}`, by)) === undefined);
    const path = rewritePath === undefined ? request.path : rewritePath(request.path);
    return { rule, forwarded: isIn && action.type === "forward" ? path : undefined };
  }
}
