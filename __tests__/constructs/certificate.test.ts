import { Lazy, TerraformOutput, Testing } from "cdktf";
import { DnsValidatedCertificate, type DnsValidatedCertificateProps } from "../../constructs/certificate";
import { ServingStack } from "../../stacks/serving-stack";

function synthesize(props: Partial<DnsValidatedCertificateProps> = {}) {
  const stack = new ServingStack(Testing.app(), "region");
  const { certificateArn } = new DnsValidatedCertificate(stack, "tls", {
    domainName: "chat.example.com",
    hostedZone: { id: "Z1" },
    ...props,
  });
  new TerraformOutput(stack, "arn", { value: certificateArn, staticId: true });
  return JSON.parse(Testing.synth(stack));
}

const option = (attribute: string, domain: string) =>
  `\${one([for option in aws_acm_certificate.tls.domain_validation_options : option.${attribute} if option.domain_name == "${domain}"])}`;

describe("a certificate", () => {
  const { resource, output, data } = synthesize({ tags: { Team: "ml" } });

  it("is asked for by name, with proof by DNS", () => {
    const { tls } = resource.aws_acm_certificate;
    expect(tls).toMatchObject({
      domain_name: "chat.example.com",
      validation_method: "DNS",
      tags: { Team: "ml" },
    });
    expect(tls.subject_alternative_names).toBeUndefined();
  });

  it("stands before the one it replaces goes", () => {
    expect(resource.aws_acm_certificate.tls.lifecycle).toEqual({ create_before_destroy: true });
  });

  it("proves its name by the record that ACM gives for it", () => {
    expect(resource.aws_route53_record["tls_chat-example-com"]).toMatchObject({
      zone_id: "Z1",
      name: option("resource_record_name", "chat.example.com"),
      records: [option("resource_record_value", "chat.example.com")],
      type: "CNAME",
      ttl: 60,
    });
  });

  it("takes over a record that another certificate for the name has written", () => {
    expect(resource.aws_route53_record["tls_chat-example-com"].allow_overwrite).toBe(true);
  });

  it("leaves the record alone when the certificate is replaced", () => {
    expect(resource.aws_route53_record["tls_chat-example-com"].lifecycle).toEqual({
      ignore_changes: ["name", "records"],
    });
  });

  it("is validated through that record", () => {
    expect(resource.aws_acm_certificate_validation.tls_validation).toMatchObject({
      certificate_arn: `\${aws_acm_certificate.tls.arn}`,
      validation_record_fqdns: [`\${aws_route53_record.tls_chat-example-com.fqdn}`],
    });
  });

  it("gives its ARN only when it is validated", () => {
    expect(output.arn.value).toBe(`\${aws_acm_certificate_validation.tls_validation.certificate_arn}`);
  });

  it("looks no zone up when it knows the id", () => {
    expect(data).toBeUndefined();
  });
});

describe("the hosted zone", () => {
  it("is looked up by its name among the public ones", () => {
    const { resource, data } = synthesize({ hostedZone: { name: "example.com" } });
    expect(data.aws_route53_zone.tls_zone).toMatchObject({ name: "example.com", private_zone: false });
    expect(resource.aws_route53_record["tls_chat-example-com"].zone_id).toBe(
      `\${data.aws_route53_zone.tls_zone.zone_id}`,
    );
  });
});

describe("more names", () => {
  const records = (names: readonly string[], domainName = "chat.example.com") =>
    Object.keys(
      synthesize({ domainName, subjectAlternativeNames: names }).resource.aws_route53_record,
    ).sort();

  it("are on the certificate, in an order of their own", () => {
    const { resource } = synthesize({ subjectAlternativeNames: ["b.example.com", "a.example.com"] });
    expect(resource.aws_acm_certificate.tls.subject_alternative_names).toEqual([
      "a.example.com",
      "b.example.com",
    ]);
  });

  it("each have a record, known by the name", () => {
    expect(records(["a.example.com"])).toEqual(["tls_a-example-com", "tls_chat-example-com"]);
  });

  it("are validated all together", () => {
    const { resource } = synthesize({ subjectAlternativeNames: ["a.example.com"] });
    expect(resource.aws_acm_certificate_validation.tls_validation.validation_record_fqdns).toEqual([
      `\${aws_route53_record.tls_chat-example-com.fqdn}`,
      `\${aws_route53_record.tls_a-example-com.fqdn}`,
    ]);
  });

  it("share a record when one is the wildcard of the other", () => {
    expect(records(["*.chat.example.com"])).toEqual(["tls_chat-example-com"]);
  });

  it("ask for the record of the wildcard when that is all there is", () => {
    const { resource } = synthesize({ domainName: "*.example.com" });
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

describe("what a certificate refuses", () => {
  it.each([
    "Chat.example.com",
    "example",
    "-a.example.com",
    "a b.example.com",
    "chat.example.com.",
    "a.*.example.com",
  ])("%s, which is no lower-case domain name", (domainName) => {
    expect(() => synthesize({ domainName })).toThrow(`"${domainName}" is no lower-case domain name`);
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

  it("a name that only Terraform knows", () => {
    expect(() => synthesize({ domainName: Lazy.stringValue({ produce: () => "a.example.com" }) })).toThrow(
      "known at synthesis",
    );
  });
});
