import type { AppConfig } from "cdktf";

/**
 * Settings of the app. cdktf's own validations are skipped: they run `terraform version` once for every resource that
 * needs a newer one, and fail without Terraform. Each stack requires its version itself, and Terraform checks that.
 */
export const appConfig: AppConfig = { skipValidation: true };
