import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import type { GlobalEndpoint, StateLocation } from "../config/plan/deployment";
import { DnsValidatedCertificate } from "../constructs/load-balancer/certificate";
import { rememberDeploymentName } from "./deployment-name";
import { ServingStack } from "./serving-stack";
import { useS3State } from "./state-backend";

/** Props of {@link DomainStack}. */
export interface DomainStackProps {
  readonly globalEndpoint: GlobalEndpoint;
  /** Name of the deployment. */
  readonly deployment: string;
  readonly state: StateLocation;
  /** Tags of everything in the stack. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Proves to ACM that the global endpoint's name is the team's. Each region makes a certificate of its own for that name, and the
 * record that proves it is the same for all of them; here it has one owner, that outlives any region.
 *
 * ACM tells the record with a certificate only, so there is one here too, that nothing uses. Where it lies does not
 * matter: beside the states.
 */
export class DomainStack extends ServingStack {
  constructor(scope: Construct, id: string, { globalEndpoint, deployment, state, tags }: DomainStackProps) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: state.region, defaultTags: [{ tags }] });
    useS3State(this, { ...state, key: `${id}.tfstate` });
    rememberDeploymentName(this, deployment);
    new DnsValidatedCertificate(this, "proof", {
      domainName: globalEndpoint.name,
      hostedZone: globalEndpoint.hostedZone,
    });
  }
}
