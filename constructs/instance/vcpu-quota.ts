import { DataAwsServicequotasServiceQuota } from "@cdktf/provider-aws/lib/data-aws-servicequotas-service-quota";
import { Construct } from "constructs";
import { requireWithin } from "../require-within";

/** Props of {@link VcpuQuotaCheck}. */
export interface VcpuQuotaCheckProps {
  /** Code of a quota of EC2 that counts vCPUs, e.g. `L-DB2E81BA`. */
  readonly code: string;
  /** Its name in Service Quotas, e.g. `Running On-Demand G and VT instances`. */
  readonly name: string;
  /** vCPUs that are needed, from 1. */
  readonly vcpus: number;
}

/**
 * Asks AWS, when Terraform plans, whether the account's quota is as large as the vCPUs that are needed. In a new account
 * the quotas of GPU instances are 0, and AWS takes hours to days to raise them. What else the account runs counts in the
 * same quota, and is not known here.
 *
 * Source: Service Quotas API, GetServiceQuota; EC2 instance types guide, Amazon EC2 instance type quotas.
 */
export class VcpuQuotaCheck extends Construct {
  /** @throws RangeError when `vcpus` is no whole number from 1 */
  constructor(scope: Construct, id: string, { code, name, vcpus }: VcpuQuotaCheckProps) {
    super(scope, id);
    requireWithin("vcpus", vcpus, { min: 1 });
    new DataAwsServicequotasServiceQuota(this, "Resource", {
      serviceCode: "ec2",
      quotaCode: code,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.value >= ${vcpus}}`,
            errorMessage: `The groups of this region take ${vcpus} vCPUs at their largest, and the account's quota "${name}" (${code}) is \${self.value}. Ask AWS for more (Service Quotas, EC2), or make the groups smaller.`,
          },
        ],
      },
    });
  }
}
