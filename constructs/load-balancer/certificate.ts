import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { CERTIFICATE_NAME, DOMAIN_NAME } from "../../aws/limits";

/** Seconds resolvers may remember a validation record; short, so that a mistake is soon forgotten. */
const RECORD_TTL = 60;

/** A public Route 53 hosted zone, by its name (looked up when Terraform plans) or its id. */
export type HostedZone =
  | { readonly name: string; readonly id?: never }
  | { readonly id: string; readonly name?: never };

/** Props of {@link DnsValidatedCertificate}. */
export interface DnsValidatedCertificateProps {
  /** The name the certificate is for, in lower case, at most 64 characters; `*.` may stand in front. */
  readonly domainName: string;

  /**
   * More names it is for, in lower case, each at most 253 characters and in the same hosted zone. Their order
   * does not matter.
   *
   * @default none
   */
  readonly subjectAlternativeNames?: readonly string[];

  /**
   * The public hosted zone that answers for all of the names; the proof of ownership is written there.
   *
   * @default none: the proof is written elsewhere, and the certificate waits for it. So for a name that has
   * certificates in several regions: one owner writes the record that proves it to all of them.
   */
  readonly hostedZone?: HostedZone;

  /**
   * Tags of the certificate.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * A certificate from AWS Certificate Manager that proves its names by DNS and renews itself. It serves load
 * balancers of its own region only.
 *
 * The proof of a name is one CNAME record, the same for every certificate of the account that carries the
 * name, in every region and for ever. Hence what the records look like here:
 * - One per name, with an id made of the name, not a `for_each` over the certificate's set of options: the
 *   records are known before the certificate is, and a change of one name touches no other record.
 *   `*.example.com` and `example.com` share a record.
 * - They may overwrite (`allow_overwrite`): another region, or a certificate made by hand, may have written
 *   the very same record.
 * - They ignore changes of `name` and `records`. A certificate that is replaced announces both as unknown, so
 *   Terraform would replace the record too; where a listener created before it is destroyed hands that order
 *   down to the records, it would write the record and then delete it.
 *
 * Mind the other side of the shared record: destroying this construct deletes the record, and certificates
 * elsewhere with the same name can no longer renew until it is written again.
 *
 * Source: ACM user guide, "DNS validation".
 *
 * @example
 * const certificate = new DnsValidatedCertificate(this, "certificate", {
 *   domainName: "chat.example.com",
 *   hostedZone: { name: "example.com" },
 * });
 * // certificate.certificateArn is the ARN once the certificate is issued, so a listener waits for that.
 */
export class DnsValidatedCertificate extends Construct {
  /** ARN of the certificate, known only when it is issued: what uses it waits for the validation. */
  public readonly certificateArn: string;
  /** The certificate, perhaps not yet issued. */
  public readonly certificate: AcmCertificate;
  /** The validation: "created" when the certificate is issued. */
  public readonly validation: AcmCertificateValidation;

  /** @throws Error when a name is not lower case, too long, given twice, or known only to Terraform */
  constructor(scope: Construct, id: string, props: DnsValidatedCertificateProps) {
    super(scope, id);
    const alternatives = [...(props.subjectAlternativeNames ?? [])].sort();
    const names = [props.domainName, ...alternatives];
    requireDomainNames(names);

    this.certificate = new AcmCertificate(this, "Resource", {
      domainName: props.domainName,
      subjectAlternativeNames: alternatives.length > 0 ? alternatives : undefined,
      validationMethod: "DNS",
      tags: props.tags,
      lifecycle: { createBeforeDestroy: true },
    });

    this.validation =
      props.hostedZone === undefined
        ? this.provedElsewhere()
        : this.proved(names, this.zoneId(props.hostedZone));
    this.certificateArn = this.validation.certificateArn;
  }

  private provedElsewhere(): AcmCertificateValidation {
    return new AcmCertificateValidation(this, "validation", { certificateArn: this.certificate.arn });
  }

  private proved(names: readonly string[], zoneId: string): AcmCertificateValidation {
    const records = namesToProve(names).map((name) => this.validationRecord(name, names, zoneId));
    return new AcmCertificateValidation(this, "validation", {
      certificateArn: this.certificate.arn,
      validationRecordFqdns: records.map((record) => record.fqdn),
    });
  }

  private zoneId(zone: HostedZone): string {
    if (zone.id !== undefined) {
      return zone.id;
    }
    return new DataAwsRoute53Zone(this, "zone", { name: zone.name, privateZone: false }).zoneId;
  }

  private validationRecord(name: string, names: readonly string[], zoneId: string): Route53Record {
    const certified = names.includes(name) ? name : `*.${name}`;
    return new Route53Record(this, recordId(name), {
      zoneId,
      name: this.validationOption(certified, "resource_record_name"),
      records: [this.validationOption(certified, "resource_record_value")],
      type: "CNAME",
      ttl: RECORD_TTL,
      allowOverwrite: true,
      lifecycle: { ignoreChanges: ["name", "records"] },
    });
  }

  private validationOption(domainName: string, attribute: string): string {
    const options = `${this.certificate.fqn}.domain_validation_options`;
    return `\${one([for option in ${options} : option.${attribute} if option.domain_name == "${domainName}"])}`;
  }
}

function requireDomainNames(names: readonly string[]): void {
  names.forEach((name, index) => {
    if (Token.isUnresolved(name)) {
      throw new Error(
        "the names of a certificate must be known at synthesis: each becomes a record of its own",
      );
    }
    if (!/^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/.test(name)) {
      throw new Error(`"${name}" is no lower-case domain name; ACM would list it under another name`);
    }
    const { maxLength: longest } = index === 0 ? CERTIFICATE_NAME : DOMAIN_NAME;
    if (name.length > longest) {
      throw new Error(
        `"${name}" has ${name.length} characters; ${index === 0 ? "the first name of a certificate" : "a name"} may have ${longest}`,
      );
    }
    if (names.indexOf(name) !== index) {
      throw new Error(`"${name}" is listed twice in one certificate`);
    }
  });
}

/** A wildcard and its parent are proved by the same record. */
function namesToProve(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.replace(/^\*\./, "")))];
}

/** `a-b.example.com` and `a.b.example.com` are two records, so a hyphen of the name is doubled. */
function recordId(name: string): string {
  return name.replaceAll("-", "--").replaceAll(".", "-");
}
