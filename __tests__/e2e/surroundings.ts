import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { EmulatorFront } from "./emulator-front";
import { INIT_OPTIONS } from "./provider-lock";
import type { Tools } from "./tools";

/** Root of the repository. */
export const repository = path.resolve(__dirname, "../..");

/** What every Terraform of the suite runs with. */
export interface Surroundings {
  /** Where the suite writes. */
  readonly folder: string;
  readonly tools: Tools;
  readonly emulator: EmulatorFront;
  readonly env: NodeJS.ProcessEnv;
}

/** Of the developer's environment, only what programs need to run and to reach a registry. */
const INHERITED =
  /^(PATH|HOME|USER|LANG|TMPDIR|PYENV_ROOT|HTTPS?_PROXY|NO_PROXY|SSL_CERT_.*|NODE_EXTRA_CA_CERTS)$/i;

/**
 * The environment of every process that speaks to the emulator: no account, profile or credentials of the
 * developer's, and nowhere to find any.
 */
export function surroundings(tools: Tools, folder: string, emulator: EmulatorFront): Surroundings {
  const cliConfig = path.join(folder, "terraform.rc");
  mkdirSync(folder, { recursive: true });
  writeFileSync(cliConfig, terraformConfig(tools));
  const inherited = Object.entries(process.env).filter(([name]) => INHERITED.test(name));
  return {
    folder,
    tools,
    emulator,
    env: {
      ...Object.fromEntries(inherited),
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_CONFIG_FILE: path.join(folder, "no-aws-config"),
      AWS_SHARED_CREDENTIALS_FILE: path.join(folder, "no-aws-credentials"),
      AWS_EC2_METADATA_DISABLED: "true",
      TF_CLI_CONFIG_FILE: cliConfig,
      // Several at once would fill it.
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
      TF_IN_AUTOMATION: "1",
      TF_INPUT: "0",
      CHECKPOINT_DISABLE: "1",
      // Most of what Terraform and the provider do for a command is to read the provider's schema, and half of that is
      // to collect garbage.
      GOGC: "off",
      GOMEMLIMIT: "3GiB",
      TF_CLI_ARGS_init: INIT_OPTIONS,
      // Otherwise the provider tells Terraform each of its steps, and Terraform throws all of it away.
      TF_LOG_PROVIDER: "off",
      TF_LOG_SDK: "off",
      // They talk over a socket of this machine. Each start of a provider would make two keys for that.
      TF_DISABLE_PLUGIN_TLS: "1",
      CI: "true",
      TSX_TSCONFIG_PATH: path.join(repository, "tsconfig.json"),
      E2E_PROVIDER_VERSION: tools.mirror.awsVersion,
    },
  };
}

function terraformConfig({ mirror, mirrorInBrief = mirror }: Tools): string {
  return `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirrorInBrief.folder)}\n  }\n}\n`;
}
