import type { Construct } from "constructs";
import type { Account, GlobalEndpoint, StateLocation } from "../config/plan/deployment";
import { DnsValidatedCertificate } from "../constructs/load-balancer/certificate";
import { awsProvider } from "./account";
import { refuseOtherDeployment } from "./remembered";
import { ServingStack } from "./serving-stack";
import { useS3State } from "./state-backend";

/** Props of {@link DomainStack}. */
export interface DomainStackProps {
  readonly globalEndpoint: GlobalEndpoint;
  /** Name of the deployment. */
  readonly deployment: string;
  /** Absent: whichever account the credentials are of. */
  readonly account?: Account;
  readonly state: StateLocation;
  /** Tags of everything in the stack. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Proves to ACM that the team owns the global endpoint's name. Each region requests its own certificate for that name.
 * The validation record is the same for all of them. This stack owns the record, so it outlives any region.
 *
 * ACM gives the record only with a certificate. So this stack requests one too, which nothing uses. Its region does not
 * matter: it is that of the state bucket.
 */
export class DomainStack extends ServingStack {
  constructor(
    scope: Construct,
    id: string,
    { globalEndpoint, deployment, account, state, tags }: DomainStackProps,
  ) {
    super(scope, id);
    awsProvider(this, account, { region: state.region, defaultTags: [{ tags }] });
    useS3State(this, { ...state, account, key: `${id}.tfstate` });
    refuseOtherDeployment(this, deployment);
    new DnsValidatedCertificate(this, "proof", {
      domainName: globalEndpoint.name,
      hostedZone: globalEndpoint.hostedZone,
    });
  }
}
