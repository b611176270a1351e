import { ROLE_NAME, type TextLimit } from "../../../aws/limits";
import { limited, type Service } from "../table";

/** IAM counts no white space. The policies of this project have none outside of texts. */
const policy = (maxLength: number): TextLimit => ({
  minLength: 1,
  maxLength,
  source: "IAM user guide, IAM and AWS STS quotas, IAM policies",
});

/** What the resources of IAM become. */
export const iam: Service = {
  service: "iam",
  blocks: {
    aws_iam_instance_profile: {
      request: "CreateInstanceProfileRequest",
      arguments: { name: "InstanceProfileName", role: "AddRoleToInstanceProfileRequest:RoleName" },
      provided: ["InstanceProfileName"],
    },
    aws_iam_policy: {
      request: "CreatePolicyRequest",
      arguments: { name: "PolicyName", policy: limited("PolicyDocument", policy(6144)) },
      provided: ["PolicyName"],
    },
    aws_iam_role: {
      request: "CreateRoleRequest",
      arguments: {
        name: limited("RoleName", ROLE_NAME),
        assume_role_policy: limited("AssumeRolePolicyDocument", policy(2048)),
      },
      provided: ["RoleName"],
    },
    aws_iam_role_policy: {
      request: "PutRolePolicyRequest",
      arguments: { name: "PolicyName", role: "RoleName", policy: limited("PolicyDocument", policy(10_240)) },
      provided: ["PolicyName"],
    },
    aws_iam_role_policy_attachment: { request: "AttachRolePolicyRequest", arguments: { role: "RoleName" } },
  },
};
