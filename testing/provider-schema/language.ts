import type { Finding } from "../finding";
import { entriesOf, isRecord, type Json, listOf } from "../terraform/json";
import { isTemplate } from "../terraform/parse";
import type { BlockCheck } from "./block-check";
import type { KnownBlock } from "./known-blocks";
import type { Attribute, AttributeType } from "./schema";

const LANGUAGE = "https://developer.hashicorp.com/terraform/language";

/** The blocks that a stack may have. Source: Terraform language, Configuration syntax in JSON. */
const SECTIONS = [
  ...[
    "//",
    "terraform",
    "provider",
    "resource",
    "data",
    "ephemeral",
    "locals",
    "variable",
    "output",
    "module",
  ],
  ...["moved", "import", "removed", "check"],
];

const STRING: Attribute = { type: "string", optional: true };
const BOOL: Attribute = { type: "bool", optional: true };
const ANY: Attribute = { type: "dynamic", optional: true };

function blockOf(name: string, page: string, attributes: Readonly<Record<string, Attribute>>): KnownBlock {
  return { name, page: `${LANGUAGE}/${page}`, block: { attributes } };
}

/** The whole of an output. */
const OUTPUT = blockOf("output", "values/outputs", {
  value: { type: "dynamic", required: true },
  description: STRING,
  sensitive: BOOL,
  ephemeral: BOOL,
  depends_on: ANY,
  precondition: ANY,
});

const VARIABLE = blockOf("variable", "values/variables", {
  type: STRING,
  default: ANY,
  description: STRING,
  sensitive: BOOL,
  ephemeral: BOOL,
  nullable: BOOL,
  validation: ANY,
});

const TERRAFORM = blockOf("terraform", "terraform", {
  required_version: STRING,
  required_providers: ANY,
  backend: ANY,
  cloud: ANY,
  provider_meta: ANY,
  experiments: ANY,
});

const texts = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, STRING]));
const flags = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, BOOL]));
const LIST: AttributeType = ["list", "string"];

/** Backends that stacks of this project use. Source: Terraform language, Backends. */
const BACKENDS: Readonly<Record<string, KnownBlock>> = {
  local: blockOf("backend local", "backend/local", texts("path", "workspace_dir")),
  s3: blockOf("backend s3", "backend/s3", {
    ...texts(
      "region",
      "access_key",
      "secret_key",
      "token",
      "profile",
      "acl",
      "kms_key_id",
      "sse_customer_key",
    ),
    ...texts("workspace_key_prefix", "dynamodb_table", "endpoint", "dynamodb_endpoint", "iam_endpoint"),
    ...texts("sts_endpoint", "sts_region", "custom_ca_bundle", "http_proxy", "https_proxy", "no_proxy"),
    ...texts("ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint_mode", "retry_mode"),
    ...texts("shared_credentials_file", "role_arn", "session_name", "external_id", "assume_role_policy"),
    ...flags(
      "encrypt",
      "use_lockfile",
      "use_path_style",
      "force_path_style",
      "insecure",
      "use_fips_endpoint",
    ),
    ...flags("use_dualstack_endpoint", "skip_credentials_validation", "skip_region_validation"),
    ...flags(
      "skip_requesting_account_id",
      "skip_metadata_api_check",
      "skip_s3_checksum",
      "use_legacy_workflow",
    ),
    bucket: { type: "string", required: true },
    key: { type: "string", required: true },
    max_retries: { type: "number", optional: true },
    allowed_account_ids: { type: LIST, optional: true },
    forbidden_account_ids: { type: LIST, optional: true },
    shared_config_files: { type: LIST, optional: true },
    shared_credentials_files: { type: LIST, optional: true },
    ...Object.fromEntries(
      ["endpoints", "assume_role", "assume_role_with_web_identity"].map((name) => [name, ANY]),
    ),
  }),
};

/** Backends whose arguments are not known here. */
const OTHER_BACKENDS = [
  "azurerm",
  "consul",
  "cos",
  "gcs",
  "http",
  "kubernetes",
  "oci",
  "oss",
  "pg",
  "remote",
];

/** Checks the blocks that are Terraform's own. */
export function checkLanguage(stack: Json, checkOf: (address: string) => BlockCheck): void {
  for (const name of Object.keys(stack).filter((each) => !SECTIONS.includes(each))) {
    checkOf(name).report("", "is no block of Terraform", `${LANGUAGE}/syntax/json`);
  }
  for (const body of listOf(stack.terraform)) {
    checkOf("terraform").body(body, TERRAFORM);
    versions(body, checkOf("terraform"));
    backends(body.backend, checkOf("terraform"));
  }
  for (const [name, body] of entriesOf(stack.output)) {
    checkOf(`output.${name}`).body(body, OUTPUT);
  }
  for (const [name, body] of entriesOf(stack.variable)) {
    checkOf(`variable.${name}`).body(body, VARIABLE);
  }
  for (const [name, body] of entriesOf(stack.module)) {
    if (body?.source === undefined) {
      checkOf(`module.${name}`).report("source", "is required", `${LANGUAGE}/modules/syntax#source`);
    }
  }
  for (const [name, blocks] of entriesOf(stack.provider)) {
    const byAlias = listOf(blocks).map(({ alias }) => alias ?? "");
    for (const alias of new Set(byAlias.filter((each, index) => byAlias.indexOf(each) !== index))) {
      const message = `is there several times ${alias === "" ? "without an alias" : `with the alias ${alias}`}`;
      checkOf(`provider.${name}`).report("", message, `${LANGUAGE}/providers/configuration`);
    }
  }
  for (const section of ["resource", "data", "ephemeral", "output", "variable", "module"]) {
    namesIn(section, stack[section], checkOf);
  }
}

function namesIn(section: string, blocks: Json, checkOf: (address: string) => BlockCheck): void {
  const isTyped = ["resource", "data", "ephemeral"].includes(section);
  const named = isTyped
    ? listOf(blocks)
        .flatMap(entriesOf)
        .flatMap(([, byName]) => entriesOf(byName))
    : entriesOf(blocks);
  for (const [name] of named.filter(([each]) => !/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(each))) {
    const message = `${JSON.stringify(name)} is no name: it has letters, digits, _ and -, and begins with none of the latter two`;
    checkOf(section).report("", message, `${LANGUAGE}/syntax/configuration#identifiers`);
  }
}

/** Source: Terraform language, Version constraints. */
const CONSTRAINT = /^\s*(?:=|!=|>=?|<=?|~>)?\s*\d+(?:\.\d+){0,2}(?:-[\w.-]+)?\s*$/;

/** Source: Terraform language, Provider requirements. */
const PROVIDER_SOURCE = /^(?:(?:[\w.-]+\/)?[\w-]+\/)?[\w-]+$/;

function versions({ required_version, required_providers }: Json, check: BlockCheck): void {
  const constraint = (text: Json, argument: string) => {
    if (
      text !== undefined &&
      !String(text)
        .split(",")
        .every((each) => CONSTRAINT.test(each))
    ) {
      const message = `is ${JSON.stringify(text)}, and has to be a constraint, such as ">= 1.11.0"`;
      check.report(argument, message, `${LANGUAGE}/expressions/version-constraints`);
    }
  };
  constraint(required_version, "required_version");
  for (const [name, provider] of listOf(required_providers).flatMap(entriesOf)) {
    const argument = `required_providers.${name}`;
    constraint(provider?.version, `${argument}.version`);
    if (provider?.source !== undefined && !PROVIDER_SOURCE.test(provider.source)) {
      const message = `is ${JSON.stringify(provider.source)}, and has to be such as "hashicorp/aws"`;
      check.report(`${argument}.source`, message, `${LANGUAGE}/providers/requirements#source-addresses`);
    }
  }
}

/** Terraform reads a backend before it knows any value. */
function backends(written: Json, check: BlockCheck): void {
  for (const [type, bodies] of listOf(written).flatMap(entriesOf)) {
    const known = BACKENDS[type];
    const argument = `backend.${type}`;
    if (known === undefined) {
      if (!OTHER_BACKENDS.includes(type)) {
        check.report(argument, "is no backend", `${LANGUAGE}/backend`);
      }
      continue;
    }
    for (const body of listOf(bodies)) {
      for (const [name, value] of entriesOf(body).filter(([, each]) => isTemplate(JSON.stringify(each)))) {
        check.report(`${argument}.${name}`, `is ${JSON.stringify(value)}, and may have no \${…}`, known.page);
      }
      check.body(body, known, argument);
    }
  }
}

/** A remote state in the bucket of a stack beside, at a key that none of these writes. */
export function unwrittenStates(stack: Json, beside: readonly Json[]): readonly Finding[] {
  const written = beside.flatMap(({ terraform }) => listOf(terraform?.backend?.s3)).filter(isRecord);
  return entriesOf(stack.data?.terraform_remote_state).flatMap(([name, body]): readonly Finding[] => {
    const { bucket, key } = body?.backend === "s3" ? (listOf(body.config)[0] ?? {}) : {};
    const ofBucket = written.filter((backend) => backend.bucket === bucket);
    return bucket === undefined || ofBucket.length === 0 || ofBucket.some((backend) => backend.key === key)
      ? []
      : [
          {
            address: `data.terraform_remote_state.${name}`,
            argument: "config.key",
            message: `is ${JSON.stringify(key)}, which none of the stacks beside writes`,
            source: `${LANGUAGE}/state/remote-state-data`,
          },
        ];
  });
}
