import { CERTIFICATE_NAME } from "../../../aws/limits";
import { limited, none, type Service } from "../table";

/** What the resources of Certificate Manager become. */
export const acm: Service = {
  service: "acm",
  blocks: {
    aws_acm_certificate: {
      request: "RequestCertificateRequest",
      // The model takes 253 characters, for names after the first. The first becomes the common name.
      arguments: { domain_name: limited("DomainName", CERTIFICATE_NAME) },
    },
    aws_acm_certificate_validation: {
      request: "DescribeCertificateRequest",
      arguments: { validation_record_fqdns: none("wait") },
    },
  },
};
