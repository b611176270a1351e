import { generateKeyPair, type JWTVerifyGetKey, SignJWT } from "jose";
import type { ClaimModel, DeploymentModel, TokenModel } from "../../simulation/model";

/** Names the key of a run among those of the issuer. */
const KEY_ID = "stand-in-of-the-local-run";

/** How long a token lasts, as it is written in one. */
const LIFE = "1h";

/**
 * Signs tokens in place of the issuer that rules name, so that a run can be asked on a machine without one. Tokens of the
 * issuer itself count too, by the keys that it publishes.
 */
export class StandInIssuer {
  readonly #keys = generateKeyPair("RS256");

  /** The keys of an issuer, and that of the stand-in. */
  beside(issuer: JWTVerifyGetKey): JWTVerifyGetKey {
    return async (header, token) =>
      header?.kid === KEY_ID ? (await this.#keys).publicKey : issuer(header, token);
  }

  /** A token with all that is asked for. */
  async token({ issuer, claims }: TokenModel): Promise<string> {
    return new SignJWT(Object.fromEntries(claims.map((claim) => [claim.name, claimValue(claim)])))
      .setProtectedHeader({ alg: "RS256", kid: KEY_ID })
      .setIssuer(issuer)
      .setIssuedAt(Math.floor(Date.now() / 1000) - 1)
      .setExpirationTime(LIFE)
      .sign((await this.#keys).privateKey);
  }
}

function claimValue({ format, values }: ClaimModel): string | readonly string[] {
  switch (format) {
    case "single-string":
      return values[0] ?? "";
    case "string-array":
      return values;
    case "space-separated-values":
      return values.join(" ");
  }
}

/** What the rules that forward to a model ask of tokens; `undefined`: none asks for one. */
export function tokenAskedBy({ regions }: DeploymentModel, model: string): TokenModel | undefined {
  const asked = regions
    .flatMap(({ loadBalancers }) => loadBalancers.flatMap(({ listeners }) => listeners))
    .flatMap(({ rules, defaultAction }) => [...rules.map(({ action }) => action), defaultAction])
    .filter(
      (action) =>
        action.type === "forward" &&
        action.targetGroups.some(({ targetGroup }) =>
          targetGroup.startsWith(`aws_lb_target_group.model_${model}_`),
        ),
    )
    .flatMap(({ authentication }) => (authentication?.type === "jwt" ? [authentication] : []));
  return asked[0];
}
