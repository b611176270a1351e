import { DataAwsServicequotasServiceQuota } from "@cdktf/provider-aws/lib/data-aws-servicequotas-service-quota";
import { Testing } from "cdktf";
import { VcpuQuotaCheck } from "../../../constructs/instance/vcpu-quota";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

const G = { code: "L-DB2E81BA", name: "Running On-Demand G and VT instances" };

function synthesize(vcpus: number): string {
  const stack = new ServingStack(Testing.app(), "region");
  new VcpuQuotaCheck(stack, "quota", { ...G, vcpus });
  return Testing.synth(stack);
}

it("asks AWS for the quota, and wants it to be as large as what is needed", () => {
  expect(synthesize(48)).toHaveDataSourceWithProperties(DataAwsServicequotasServiceQuota, {
    service_code: "ec2",
    quota_code: "L-DB2E81BA",
    lifecycle: {
      postcondition: [
        {
          condition: `\${self.value >= 48}`,
          error_message: expect.stringContaining(
            `take 48 vCPUs at their largest, and the account's quota "Running On-Demand G and VT instances" (L-DB2E81BA) is \${self.value}`,
          ),
        },
      ],
    },
  });
});

it("needs one vCPU at least", () => {
  expect(() => synthesize(0)).toThrow(RangeError);
});
