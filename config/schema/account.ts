import * as z from "zod";
import { ARN_FORMS } from "../../aws/arn";
import { arn } from "./scalars";

/** IAM API reference, CreateRole, Path: at most 512 characters, which begin and end with a slash. */
const IAM_PATH = /^\/([!-~]+\/)?$/;

/** The account of a deployment, what may deploy to it, and what its roles may be. */
export const accountSchema = z.strictObject({
  id: z
    .string()
    .regex(/^\d{12}$/, {
      error: ({ input }) => `"${input}" is not the id of an account, which has 12 digits`,
    })
    .meta({
      description:
        "Id of the AWS account, in quotes. A plan with the credentials of another account is refused, before it reads or changes anything.",
      examples: ["123456789012"],
    }),
  assumeRole: arn(ARN_FORMS.role).optional().meta({
    description:
      "Role of the account that Terraform assumes, for what it makes and for its state. Default: none; Terraform uses the credentials of the environment.",
  }),
  permissionsBoundary: arn(ARN_FORMS.policy).optional().meta({
    description:
      "Policy that is the permissions boundary of every role that is made here. It has to let instances do what docs/security.md lists, or they do not start. Default: none.",
  }),
  rolePath: z
    .string()
    .max(512)
    .regex(IAM_PATH, {
      error: ({ input }) => `"${input}" is not a path of IAM; write it as /serving/`,
    })
    .optional()
    .meta({
      description:
        "Path of every role, instance profile and policy that is made here, at most 512 characters. A change replaces all instances. Default: `/`.",
      examples: ["/serving/"],
    }),
});

export type AccountFile = z.output<typeof accountSchema>;
