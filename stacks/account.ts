import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { Aspects, type S3BackendConfig, type TerraformStack } from "cdktf";
import type { Account } from "../config/plan/deployment";

/** What names the account to a backend, or to what reads one: they refuse another one. */
export function accountSettings(
  account: Account | undefined,
): Pick<S3BackendConfig, "allowedAccountIds" | "assumeRole"> {
  return {
    allowedAccountIds: account && [account.id],
    assumeRole: account?.assumeRole === undefined ? undefined : { roleArn: account.assumeRole },
  };
}

/** Declares a provider for the account of a deployment. */
export function awsProvider(
  stack: TerraformStack,
  account: Account | undefined,
  { id = "aws", ...config }: AwsProviderConfig & { readonly id?: string },
): AwsProvider {
  const { assumeRole, allowedAccountIds } = accountSettings(account);
  return new AwsProvider(stack, id, {
    ...config,
    allowedAccountIds,
    assumeRole: assumeRole && [{ roleArn: assumeRole.roleArn }],
  });
}

/** What IAM files by path. */
const FILED_BY_PATH = [IamRole, IamPolicy, IamInstanceProfile] as const;

/** Gives every role of a stack the account's boundary, and all that IAM files by path the account's path. */
export function boundRoles(stack: TerraformStack, account: Account | undefined): void {
  const { permissionsBoundary, rolePath } = account ?? {};
  if (permissionsBoundary === undefined && rolePath === undefined) {
    return;
  }
  Aspects.of(stack).add({
    visit: (node) => {
      if (node instanceof IamRole && permissionsBoundary !== undefined) {
        node.permissionsBoundary = permissionsBoundary;
      }
      if (rolePath !== undefined && FILED_BY_PATH.some((kind) => node instanceof kind)) {
        (node as IamRole | IamPolicy | IamInstanceProfile).path = rolePath;
      }
    },
  });
}
