import { TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { type Authentication, authenticationFor, type Callers } from "../config/plan/callers";
import type { Model } from "../config/plan/model";
import type { CallerAuthentication } from "../constructs/load-balancer/caller-authentication";

/** Variable of Terraform with the secret of the load balancer at an identity provider. */
const CLIENT_SECRET = "oidc_client_secret";

/** What the load balancer of a region asks before it answers a request: in the rules and in the default action. */
export class RegionCallers {
  readonly #clientSecret: string | undefined;

  constructor(
    scope: Construct,
    private readonly callers: Callers,
  ) {
    if (callers.kind === "oidc") {
      const variable = new TerraformVariable(scope, CLIENT_SECRET.replaceAll("_", "-"), {
        type: "string",
        sensitive: true,
        nullable: false,
        description: "Secret of the load balancer at the identity provider. The state holds it.",
      });
      variable.overrideLogicalId(CLIENT_SECRET);
      this.#clientSecret = variable.stringValue;
    }
  }

  /** Before it forwards to a model; undefined: nothing. */
  before({ callers }: Pick<Model, "callers">): CallerAuthentication | undefined {
    return this.#asConstruct(authenticationFor(this.callers, callers));
  }

  /** Before it answers for itself. */
  get beforeAnswer(): CallerAuthentication | undefined {
    return this.#asConstruct(authenticationFor(this.callers));
  }

  #asConstruct(authentication: Authentication | undefined): CallerAuthentication | undefined {
    if (authentication === undefined) {
      return undefined;
    }
    const { kind, ...settings } = authentication;
    return "jwksEndpoint" in settings
      ? { token: settings }
      : { signIn: { ...settings, clientSecret: this.#clientSecret ?? "" } };
  }
}
