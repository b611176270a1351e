import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { loadDeployment } from "../../config/load";
import "cdktf/lib/testing/adapters/jest";
import { synthesizedTexts } from "../support/synthesis";

const loaded = loadDeployment("serving.yaml");
const text = (loaded.ok && synthesizedTexts(loaded.deployment)["us-east-1"]) || "{}";

describe("serving.yaml", () => {
  it("takes a region out when it has too few instances for its peak, for which the other region has room", () => {
    for (const [variant, threshold] of [
      ["llama-3-8b--stable", 3],
      ["qwen-72b--main", 2],
    ]) {
      expect(text).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
        alarm_name: `chat.${variant}.out-of-service`,
        threshold,
      });
    }
  });

  it("serves HTTPS with a certificate that is validated before the listener is created", () => {
    expect(text).toHaveResource(AcmCertificateValidation);
    expect(text).toHaveResourceWithProperties(LbListener, {
      port: 443,
      protocol: "HTTPS",
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      certificate_arn: `\${aws_acm_certificate_validation.entry_certificate_validation.certificate_arn}`,
    });
  });

  it("waits for permissions and security group rules before the first instance starts", () => {
    const { depends_on } =
      JSON.parse(text).resource.aws_autoscaling_group["model_qwen-72b_main_instances_group"];
    expect(depends_on).toEqual(
      expect.arrayContaining([
        "aws_iam_role_policy_attachment.model_qwen-72b_main_instances_role_needs",
        "aws_vpc_security_group_ingress_rule.model_qwen-72b_main_instances_security-group_from-alb-8000",
      ]),
    );
  });
});
