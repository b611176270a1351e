import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Lazy, TerraformOutput, Testing } from "cdktf";
import {
  DnsValidatedCertificate,
  type DnsValidatedCertificateProps,
} from "../../../constructs/load-balancer/certificate";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

function synthesize(props: Partial<DnsValidatedCertificateProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "region");
  const { certificateArn } = new DnsValidatedCertificate(stack, "tls", {
    domainName: "chat.example.com",
    hostedZone: { id: "Z1" },
    ...props,
  });
  new TerraformOutput(stack, "arn", { value: certificateArn, staticId: true });
  return Testing.synth(stack);
}

const option = (attribute: string, domain: string) =>
  `\${one([for option in aws_acm_certificate.tls.domain_validation_options : option.${attribute} if option.domain_name == "${domain}"])}`;

describe("a certificate", () => {
  const synthesized = synthesize({ tags: { Team: "ml" } });
  const { resource, output, data } = JSON.parse(synthesized);

  it("is requested by name, with DNS validation", () => {
    expect(synthesized).toHaveResourceWithProperties(AcmCertificate, {
      domain_name: "chat.example.com",
      validation_method: "DNS",
      tags: { Team: "ml" },
    });
    expect(resource.aws_acm_certificate.tls).not.toHaveProperty("subject_alternative_names");
  });

  it("is created before the one it replaces is deleted", () => {
    expect(synthesized).toHaveResourceWithProperties(AcmCertificate, {
      lifecycle: { create_before_destroy: true },
    });
  });

  it("validates its name by the record of ACM", () => {
    expect(synthesized).toHaveResourceWithProperties(Route53Record, {
      zone_id: "Z1",
      name: option("resource_record_name", "chat.example.com"),
      records: [option("resource_record_value", "chat.example.com")],
      type: "CNAME",
      ttl: 60,
    });
  });

  it("may overwrite the record of another certificate for the name", () => {
    expect(synthesized).toHaveResourceWithProperties(Route53Record, { allow_overwrite: true });
  });

  it("leaves the record alone when the certificate is replaced", () => {
    expect(synthesized).toHaveResourceWithProperties(Route53Record, {
      lifecycle: { ignore_changes: ["name", "records"] },
    });
  });

  it("is validated through that record", () => {
    expect(synthesized).toHaveResourceWithProperties(AcmCertificateValidation, {
      certificate_arn: `\${aws_acm_certificate.tls.arn}`,
      validation_record_fqdns: [`\${aws_route53_record.tls_chat-example-com.fqdn}`],
    });
  });

  it("outputs its ARN only when it is validated", () => {
    expect(output.arn.value).toBe(`\${aws_acm_certificate_validation.tls_validation.certificate_arn}`);
  });

  it("looks up no zone when the id is given", () => {
    expect(data).toBeUndefined();
  });
});

describe("the hosted zone", () => {
  it("is looked up by its name among the public ones", () => {
    const synthesized = synthesize({ hostedZone: { name: "example.com" } });
    expect(synthesized).toHaveDataSourceWithProperties(DataAwsRoute53Zone, {
      name: "example.com",
      private_zone: false,
    });
    expect(synthesized).toHaveResourceWithProperties(Route53Record, {
      zone_id: `\${data.aws_route53_zone.tls_zone.zone_id}`,
    });
  });
});

describe("more names", () => {
  const records = (names: readonly string[], domainName = "chat.example.com") =>
    Object.keys(
      JSON.parse(synthesize({ domainName, subjectAlternativeNames: names })).resource.aws_route53_record,
    ).sort();

  it("are on the certificate, sorted", () => {
    const subjectAlternativeNames = ["b.example.com", "a.example.com"];
    expect(synthesize({ subjectAlternativeNames })).toHaveResourceWithProperties(AcmCertificate, {
      subject_alternative_names: ["a.example.com", "b.example.com"],
    });
  });

  it("each have a record with an id made of the name", () => {
    expect(records(["a.example.com"])).toEqual(["tls_a-example-com", "tls_chat-example-com"]);
  });

  it("are validated all together", () => {
    const synthesized = synthesize({ subjectAlternativeNames: ["a.example.com"] });
    expect(synthesized).toHaveResourceWithProperties(AcmCertificateValidation, {
      validation_record_fqdns: [
        `\${aws_route53_record.tls_chat-example-com.fqdn}`,
        `\${aws_route53_record.tls_a-example-com.fqdn}`,
      ],
    });
  });

  it("share a record when one is the wildcard of the other", () => {
    expect(records(["*.chat.example.com"])).toEqual(["tls_chat-example-com"]);
  });

  it("use the record of the wildcard when there is no other name", () => {
    const { resource } = JSON.parse(synthesize({ domainName: "*.example.com" }));
    expect(resource.aws_route53_record["tls_example-com"].name).toBe(
      option("resource_record_name", "*.example.com"),
    );
  });

  it("have records of their own where only hyphens and dots differ", () => {
    expect(records(["a-b.example.com", "a.b.example.com"], "c.example.com")).toEqual([
      "tls_a--b-example-com",
      "tls_a-b-example-com",
      "tls_c-example-com",
    ]);
  });
});

describe("a certificate refuses", () => {
  it.each([
    "Chat.example.com",
    "example",
    "-a.example.com",
    "a b.example.com",
    "chat.example.com.",
    "a.*.example.com",
  ])("%s, which is not a lower-case domain name", (domainName) => {
    expect(() => synthesize({ domainName })).toThrow(`"${domainName}" is not a lower-case domain name`);
  });

  it("a first name of more than 64 characters", () => {
    const long = `${"a".repeat(53)}.example.com`;
    expect(() => synthesize({ domainName: long.slice(1) })).not.toThrow();
    expect(() => synthesize({ domainName: long })).toThrow(
      "65 characters; the first name of a certificate may have 64",
    );
    expect(() => synthesize({ subjectAlternativeNames: [long] })).not.toThrow();
  });

  it("another name of more than 253 characters", () => {
    const long = `${"a.".repeat(121)}example.com`;
    expect(() => synthesize({ subjectAlternativeNames: [long] })).not.toThrow();
    expect(() => synthesize({ subjectAlternativeNames: [`a${long}`] })).toThrow(
      "254 characters; a name may have 253",
    );
  });

  it("a name listed twice", () => {
    expect(() => synthesize({ subjectAlternativeNames: ["chat.example.com"] })).toThrow("listed twice");
  });

  it("a name that is a token", () => {
    expect(() => synthesize({ domainName: Lazy.stringValue({ produce: () => "a.example.com" }) })).toThrow(
      "must be plain texts, not references",
    );
  });
});

describe("a certificate with validation records elsewhere", () => {
  const synthesized = synthesize({ hostedZone: undefined });
  const { resource, output } = JSON.parse(synthesized);

  it("creates no record and looks up no zone", () => {
    expect(Object.keys(resource).sort()).toEqual(["aws_acm_certificate", "aws_acm_certificate_validation"]);
  });

  it("outputs its ARN once it is issued", () => {
    expect(synthesized).toHaveResourceWithProperties(AcmCertificateValidation, {
      certificate_arn: `\${aws_acm_certificate.tls.arn}`,
    });
    expect(resource.aws_acm_certificate_validation.tls_validation).not.toHaveProperty(
      "validation_record_fqdns",
    );
    expect(output.arn.value).toBe(`\${aws_acm_certificate_validation.tls_validation.certificate_arn}`);
  });
});
