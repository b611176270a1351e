import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { CERTIFICATE_NAME, DOMAIN_NAME, HOSTED_ZONE_ID } from "../../aws/limits";
import { requireText } from "../require-within";

/** Seconds resolvers may cache a validation record; short, so that a correction takes effect soon. */
const RECORD_TTL = 60;

/** A public Route 53 hosted zone, by its name (Terraform looks it up during plan) or its id. */
export type HostedZone =
  | { readonly name: string; readonly id?: never }
  | { readonly id: string; readonly name?: never };

/** Props of {@link DnsValidatedCertificate}. */
export interface DnsValidatedCertificateProps {
  /** The first name of the certificate, in lower case, at most 64 characters; it may begin with `*.`. */
  readonly domainName: string;

  /**
   * More names of the certificate, in lower case, each at most 253 characters and in the same hosted zone. Their order
   * does not matter.
   *
   * @default none
   */
  readonly subjectAlternativeNames?: readonly string[];

  /**
   * The public hosted zone of all the names. The validation records are created there.
   *
   * @default none: the records are created elsewhere, and the certificate waits for them. Use this when a name has
   * certificates in several regions: one owner creates the record that validates all of them.
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
 * A certificate of AWS Certificate Manager with DNS validation. ACM renews it. Load balancers of its own region can use
 * it.
 *
 * The validation record of a name is one CNAME record. It is the same for every certificate of the account that has the
 * name, in every region, and it never changes. So the records are defined like this:
 * - There is one for each name, with an id made of the name. A `for_each` over the options of the certificate would
 *   have unknown keys before the certificate exists; this way a change of one name touches no other record.
 *   `*.example.com` and `example.com` share a record.
 * - They may overwrite (`allow_overwrite`), because another region, or a certificate created by hand, may have created
 *   the same record.
 * - They ignore changes of `name` and `records`. When a certificate is replaced, both are unknown, so Terraform would
 *   replace the record too. If a listener with create-before-destroy passes that order on to the records, Terraform
 *   would create the record and then delete it.
 *
 * The shared record has a drawback: destroying this construct deletes the record. Other certificates with the same name
 * cannot be renewed until the record exists again.
 *
 * Source: ACM user guide, "DNS validation".
 *
 * @example
 * const certificate = new DnsValidatedCertificate(this, "certificate", {
 *   domainName: "chat.example.com",
 *   hostedZone: { name: "example.com" },
 * });
 * // certificate.certificateArn waits for the validation, and so does a listener that uses it.
 */
export class DnsValidatedCertificate extends Construct {
  /** ARN of the issued certificate: what uses it waits for the validation. */
  public readonly certificateArn: string;
  /** The certificate, which may not be issued yet. */
  public readonly certificate: AcmCertificate;
  /** The validation. Terraform completes it when the certificate is issued. */
  public readonly validation: AcmCertificateValidation;

  /** @throws Error when a name is not in lower case, too long, given twice, or a token */
  constructor(scope: Construct, id: string, props: DnsValidatedCertificateProps) {
    super(scope, id);
    const alternatives = [...(props.subjectAlternativeNames ?? [])].sort();
    const names = [props.domainName, ...alternatives];
    requireDomainNames(names);
    if (props.hostedZone?.id !== undefined) {
      requireText("hostedZone.id", props.hostedZone.id, HOSTED_ZONE_ID);
    }

    this.certificate = new AcmCertificate(this, "Resource", {
      domainName: props.domainName,
      subjectAlternativeNames: alternatives.length > 0 ? alternatives : undefined,
      validationMethod: "DNS",
      tags: props.tags,
      lifecycle: { createBeforeDestroy: true },
    });

    this.validation =
      props.hostedZone === undefined
        ? this.validatedElsewhere()
        : this.validatedBy(names, this.zoneId(props.hostedZone));
    this.certificateArn = this.validation.certificateArn;
  }

  private validatedElsewhere(): AcmCertificateValidation {
    return new AcmCertificateValidation(this, "validation", { certificateArn: this.certificate.arn });
  }

  private validatedBy(names: readonly string[], zoneId: string): AcmCertificateValidation {
    const records = namesToValidate(names).map((name) => this.validationRecord(name, names, zoneId));
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
        "the names of a certificate must be plain texts, not references: each becomes a record of its own",
      );
    }
    if (!/^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/.test(name)) {
      throw new Error(`"${name}" is not a lower-case domain name; ACM would list it under another name`);
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

/** A wildcard and its parent have the same validation record. */
function namesToValidate(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.replace(/^\*\./, "")))];
}

/** Doubles the hyphens of a name, so that `a-b.example.com` and `a.b.example.com` get different ids. */
function recordId(name: string): string {
  return name.replaceAll("-", "--").replaceAll(".", "-");
}
