import { parseArn, parseSecretReference } from "../../aws/arn";
import { parseEcrImage } from "../../aws/ecr-image";
import { regionPartition } from "../../aws/regions";
import { bothGiven, type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { storedFolders } from "../plan/adapters";
import { candidateInstances } from "../plan/candidate-instances";
import type { Region } from "../plan/deployment";
import { isClosed } from "../plan/network";
import { readsOf } from "../plan/reads";
import { fileTexts } from "../plan/volumes";
import type { ServingFile } from "../schema/deployment";
import { otherImage } from "../servers/other-images";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** What runs on the instances: images with a version, secrets kept apart, nothing from another region. */
export const checkSoftware: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [
    ...imageDiagnostics(each.region, each.variant.settings.image, each.at("image")),
    ...architectureDiagnostics(each),
    ...otherImageDiagnostics(each),
    ...envDiagnostics(each),
    ...fileDiagnostics(each),
    ...regionalArnDiagnostics(subject.file, each),
    ...grantDiagnostics(each),
    ...tableDiagnostics(each),
  ]);

/** `[registry/]repository[:tag][@digest]`. Source: the distribution project's reference grammar. */
const IMAGE =
  /^[a-z0-9]+([._-][a-z0-9]+)*(:\d+)?(\/[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/** Tags that projects put on another image every day. */
const MOVING_TAG = /^(latest(-.*)?|nightly|main|master|dev|edge)$/;

/** What is wrong with an image that instances of a region are to pull. */
export function imageDiagnostics(region: Region, image: string, where: Path): readonly Diagnostic[] {
  if (image === "") {
    return []; // checkRun reports that there is none.
  }
  if (!IMAGE.test(image)) {
    return [
      error(
        "malformed-image",
        where,
        `"${image}" is not a container image; write it as vllm/vllm-openai:v0.28.0`,
      ),
    ];
  }
  const tag = /:([\w][\w.-]*)$/.exec(nameAndTag(image))?.[1];
  const digest = image.includes("@");
  if (!digest && (tag === undefined || MOVING_TAG.test(tag))) {
    return [
      error(
        "image-tag-moves",
        where,
        `"${image}" may become another image at any time, so two instances may differ; write a version tag or a digest`,
      ),
    ];
  }
  return registryDiagnostics(region, image, where);
}

/** `vllm-openai:v0.28.0` of `registry/vllm/vllm-openai:v0.28.0@sha256:…`. */
export function nameAndTag(image: string): string {
  return image.replace(/@.*$/, "").replace(/^.*\//, "");
}

/** Names of CPU architectures in names and tags of images; an image with none may be of several. */
const CALLED = {
  x86_64: /(^|[:._-])(amd64|x86[_-]64|x64)($|[:._-])/,
  arm64: /(^|[:._-])(arm64|aarch64|sbsa)($|[:._-])/,
};

/** An image whose name or tag is of another architecture than that of the instances. */
function architectureDiagnostics({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const called = nameAndTag(settings.image);
  const other = candidateInstances(settings).find(
    ({ arch }) => !CALLED[arch].test(called) && CALLED[arch === "arm64" ? "x86_64" : "arm64"].test(called),
  );
  return other === undefined
    ? []
    : [
        error(
          "image-of-other-architecture",
          at("image"),
          `${other.type} is ${other.arch}, but "${called}" names another architecture; use the image for ${other.arch}, or other instance types`,
        ),
      ];
}

/** An image that by its name is started, asked or configured in another way than its server's others. */
function otherImageDiagnostics({
  model: { server },
  variant: { settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  const other = otherImage(server, settings.image);
  if (other === undefined) {
    return [];
  }
  const ways = [other.instead[server], other.asCustom].filter((way) => way !== undefined);
  return [
    error(
      "image-serves-otherwise",
      at("image"),
      `"${settings.image}" ${other.what}${ways.length === 0 ? "" : `; use ${ways.join(", or ")}`}`,
    ),
  ];
}

/** The only port to which an instance's security group allows connections. */
const HTTPS_PORT = "443";

function registryDiagnostics({ name, network }: Region, image: string, where: Path): readonly Diagnostic[] {
  const home = parseEcrImage(image)?.region;
  if (/^(localhost|127\.[\d.]+)(:\d+)?\//.test(image)) {
    return [
      error(
        "registry-on-instance",
        where,
        `"${image}" names a registry on the instance, and none runs there; push it to one that instances reach`,
      ),
    ];
  }
  const port = /^[^/]*:(\d+)\//.exec(image)?.[1];
  if (port !== undefined && port !== HTTPS_PORT) {
    return [
      error(
        "registry-port-closed",
        where,
        `instances connect to port ${HTTPS_PORT} only, but the registry of "${image}" has port ${port}; use one at port ${HTTPS_PORT}`,
      ),
    ];
  }
  if (isClosed(network) && home !== name) {
    return [
      error(
        "image-unreachable",
        where,
        `instances in ${name} have no way to the internet (nat: none), and "${image}" is not in Amazon ECR in ${name}; copy it there, or use nat: per-zone`,
      ),
    ];
  }
  if (home === undefined || home === name) {
    return [];
  }
  return regionPartition(home) === regionPartition(name)
    ? [
        warning(
          "image-in-another-region",
          where,
          `the image is in ${home}, so instances in ${name} cannot start while ${home} is down; let Amazon ECR replicate it, and write the copy under regions.${name}.models`,
        ),
      ]
    : [
        error(
          "image-in-another-partition",
          where,
          `the image is in ${home}, another partition of AWS, whose registry instances in ${name} may not use; copy it to ${name}`,
        ),
      ];
}

/**
 * Values that are secrets by their look: AWS keys, tokens of Hugging Face, OpenAI, GitHub, NVIDIA and Slack, JSON
 * Web Tokens with a signature (RFC 7519), and passwords in addresses.
 */
const SECRET_VALUE =
  /^(AKIA|ASIA)[A-Z0-9]{16}$|\bhf_[A-Za-z0-9]{20,}|\bsk-[A-Za-z0-9_-]{20,}|\bgh[pousr]_[A-Za-z0-9]{30,}|\bnvapi-[\w-]{20,}|\bxox[abp]-[\w-]{10,}|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}|-----BEGIN [A-Z ]*PRIVATE KEY|:\/\/[^\s/:@]*:[^\s/@]+@/;
/** Names of variables that hold a secret. */
export const SECRET_NAME =
  /(^|_)(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)($|_ID$)/i;

/** Arguments whose values are secrets. Other tokens, as `--eos-token`, are text. */
const SECRET_ARGUMENT =
  /^--?([a-z-]+-)?(api-key|(hf|access|api|auth|bearer)-token|password|passwd|secret|secret-key)(=|$)/i;

/** What bash, the loader and the Docker client go by. Source: Bash reference manual, "Shell Variables". */
const SHELL_NAME = /^(PATH|IFS|ENV|UID|EUID|PPID|SHELLOPTS|(BASH|LD_|DOCKER_|INSTANCE_).*)$/;

/** Whether a value is a secret by its look. */
export function looksSecret(value: string): boolean {
  return SECRET_VALUE.test(value);
}

function envDiagnostics({ variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { env, secrets, arguments: args, command = [], model = "" } = variant.settings;
  const inModel = looksSecret(model) ? [secretDiagnostic(at("model"), "it")] : [];
  const inEnv = Object.entries(env).flatMap(([name, value]) => {
    if (secrets[name] !== undefined) {
      return [
        bothGiven(at("env", name), at("secrets", name), `${name} is in secrets too; remove one of the two`),
      ];
    }
    return looksSecret(value) || (SECRET_NAME.test(name) && value !== "")
      ? [secretDiagnostic(at("env", name), name)]
      : [];
  });
  const inArguments = args.flatMap((argument, index) =>
    looksSecret(argument) || SECRET_ARGUMENT.test(argument.replaceAll("_", "-"))
      ? [secretDiagnostic(at("arguments", index), "the argument", remedyOf(args, index))]
      : [],
  );
  const inCommand = command.flatMap((line, index) => {
    // A line of a shell has several words, and sets variables.
    const words = line.split(/[\s;|&"']+/);
    const secret = words.findIndex((word, place) => isSecretWord(word, words[place + 1]));
    return secret === -1
      ? []
      : [secretDiagnostic(at("command", index), "a word of the command", remedyOf(words, secret + 1))];
  });
  const inSecrets = Object.keys(secrets)
    .filter((name) => SHELL_NAME.test(name))
    .map((name) =>
      error(
        "secret-name-refused",
        at("secrets", name),
        `${name} has a meaning in the shell that passes secrets to the server; choose another name`,
      ),
    );
  return [...inModel, ...inEnv, ...inArguments, ...inCommand, ...inSecrets];
}

/** Whether a word of a shell's line is a secret, or gives a flag or a variable with the name of one a value of its own. */
function isSecretWord(word: string, next = ""): boolean {
  const [, name = "", value = ""] = /^(\w+)=(.*)$/.exec(word) ?? [];
  const isLiteral = (text: string) => text !== "" && !/^[-$]/.test(text);
  return (
    looksSecret(word) ||
    (name !== "" && SECRET_NAME.test(name) && isLiteral(value)) ||
    looksSecret(value) ||
    (SECRET_ARGUMENT.test(`${word.replaceAll("_", "-")}`) &&
      (word.includes("=") ? isLiteral(word.replace(/^[^=]*=/, "")) : isLiteral(next)))
  );
}

/** A word of a file that is a secret by its look. */
function fileDiagnostics({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  return Object.entries(fileTexts(settings)).flatMap(([path, text]) => {
    const named = [...text.matchAll(NAMED_VALUE)].find(([, name = ""]) =>
      SECRET_ARGUMENT.test(`--${name.replaceAll("_", "-")}`),
    );
    if (named !== undefined) {
      const field = /api[-_]?key/i.test(named[1] ?? "") ? "apiKey" : "secrets";
      return [secretDiagnostic(at("files", path), `${named[1]} in the file`, field)];
    }
    return looksSecret(text) || text.split(/[^A-Za-z0-9]+/).some(looksSecret)
      ? [secretDiagnostic(at("files", path), "a word of the file")]
      : [];
  });
}

/**
 * A name and a value of a configuration file, in YAML, JSON, TOML or an ini file. A variable, or the name of one, is no
 * value of its own.
 */
const NAMED_VALUE =
  /^\s*["']?([\w-]+)["']?\s*[:=]\s*["']?(?![\s"'$#{[]|null\b|true\b|false\b|(?:os\.environ\/)?[A-Z][A-Z0-9_]*["']?[\s,]*$)\S/gm;

/** The field for the key that a server asks of its callers; `secrets` for any other. */
function remedyOf(args: readonly string[], index: number): string {
  const isKey = [args[index - 1], args[index]].some((word) => /^--api[-_]key/.test(word ?? ""));
  return isKey ? "apiKey" : "secrets";
}

/**
 * A secret that is written where all can read it.
 *
 * @param field the one that takes its ARN
 */
export function secretDiagnostic(path: Path, what: string, field = "secrets"): Diagnostic {
  return error(
    "secret-in-plain-text",
    path,
    `${what} looks like a secret, which anyone who reads the plan would see; put it into Secrets Manager or a SecureString parameter, and its ARN into ${field}`,
  );
}

/**
 * ARNs that the service itself accepts and a permission does not: a permission is compared with the complete ARN.
 * Sources: Secrets Manager user guide, "Troubleshoot AWS Secrets Manager"; KMS developer guide, "Specifying KMS keys
 * in IAM policy statements".
 */
function grantDiagnostics({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const given: readonly (readonly [Path, string])[] = [
    ...(settings.registry === undefined
      ? []
      : [[at("registry", "secret"), parseSecretReference(settings.registry.secret).arn] as const]),
    ...Object.entries(settings.secrets).map(
      ([name, arn]) => [at("secrets", name), parseSecretReference(arn).arn] as const,
    ),
    ...(settings.apiKey === undefined
      ? []
      : [[at("apiKey"), parseSecretReference(settings.apiKey).arn] as const]),
    ...settings.reads.map((arn, index) => [at("reads", index), arn] as const),
  ];
  const secrets = given
    .filter(([, arn]) => parseArn(arn)?.service === "secretsmanager" && !/-[A-Za-z0-9]{6}$/.test(arn))
    .map(([path]) =>
      error(
        "incomplete-secret-arn",
        path,
        "lacks the hyphen and six characters at its end, so the instances would get no access; write the complete ARN, as aws secretsmanager describe-secret shows it",
      ),
    );
  const keys = settings.kmsKeyArns.flatMap((arn, index) =>
    /^key\/[A-Za-z0-9-]+$/.test(parseArn(arn)?.resource ?? "")
      ? []
      : [
          error(
            "not-a-key-arn",
            at("kmsKeyArns", index),
            `"${arn}" is not the ARN of one key, and permissions take neither aliases nor wildcards here; write it as arn:aws:kms:us-east-1:123456789012:key/…`,
          ),
        ],
  );
  const readsNothing = storedFolders(settings).length === 0 && given.length === 0;
  const idle =
    settings.kmsKeyArns.length > 0 && readsNothing
      ? [
          warning(
            "keys-without-use",
            at("kmsKeyArns"),
            "the model has neither weights, adapters, reads nor secrets, which these keys are for, so its instances get no access to them; remove the keys. The volume's key is volume.kmsKeyArn",
          ),
        ]
      : [];
  return [...secrets, ...keys, ...idle];
}

/** Tables, of instances that have no way to them: endpoints are made for what every instance needs. */
function tableDiagnostics({ region, variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const { tables } = readsOf(settings);
  return isClosed(region.network)
    ? tables.map((arn) =>
        error(
          "table-unreachable",
          at("reads", settings.reads.indexOf(arn)),
          `instances in ${region.name} have no way to the internet (nat: none), and no endpoint of DynamoDB; use nat: per-zone, or leave the table out`,
        ),
      )
    : [];
}

function regionalArnDiagnostics(
  file: ServingFile,
  { region, variant, at }: VariantInRegion,
): readonly Diagnostic[] {
  const { secrets, apiKey, registry, reads, kmsKeyArns, volume, capacityReservation } = variant.settings;
  // What lies in another region is encrypted with a key of that region.
  const ownKeys = storedFolders(variant.settings).some(({ mirrors }) => mirrors.length > 0) ? [] : kmsKeyArns;
  const arns: readonly (readonly [Path, string | undefined])[] = [
    ...Object.entries(secrets).map(([name, arn]) => [at("secrets", name), arn] as const),
    [at("apiKey"), apiKey],
    [at("registry", "secret"), registry?.secret],
    ...reads
      .map((arn, index) => [at("reads", index), arn] as const)
      // A bucket's ARN has no region.
      .filter(([, arn]) => parseArn(arn)?.service !== "s3"),
    ...ownKeys.map((arn, index) => [at("kmsKeyArns", index), arn] as const),
    [at("volume", "kmsKeyArn"), volume.kmsKeyArn],
    [at("capacityReservation", "resourceGroupArn"), capacityReservation?.resourceGroupArn],
  ];
  const several =
    Object.keys(file.regions).length > 1
      ? `; write that of ${region.name} under regions.${region.name}.models`
      : `; use one in ${region.name}`;
  return arns.flatMap(([path, arn]) => {
    const elsewhere = parseArn(arn)?.region;
    return elsewhere !== undefined && elsewhere !== region.name
      ? [
          error(
            "in-another-region",
            path,
            `is in ${elsewhere || "no region"}, and instances in ${region.name} must not need another region${several}`,
          ),
        ]
      : [];
  });
}
