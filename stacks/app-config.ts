import type { AppConfig } from "cdktf";

/**
 * How the app is made. cdktf's own validations are left out: they run `terraform version` once for every resource
 * that needs a newer one, and fail where there is no Terraform. Each stack requires its version itself, and Terraform
 * checks that.
 */
export const appConfig: AppConfig = { skipValidation: true };
