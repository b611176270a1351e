import { BUCKET_NAME_REFUSALS } from "../../aws/limits";
import { type Diagnostic, error, type Path } from "../diagnostics/diagnostic";
import { storedFolders } from "../plan/adapters";
import { entrySetting } from "../plan/overrides";
import type { CallersFile } from "../schema/callers";
import { type Check, variantsInRegions } from "./check";

/** Buckets that can be, wherever one is written: of the state, of logs, of callers' certificates, of weights. */
export const checkBuckets: Check = (subject) => {
  const { file } = subject;
  return [
    ...bucketDiagnostics(file.state.bucket, ["state", "bucket"]),
    ...dotDiagnostics(file.state.bucket),
    ...bucketDiagnostics(file.globalEndpoint?.accelerator?.flowLogs?.bucket, [
      "globalEndpoint",
      "accelerator",
      "flowLogs",
      "bucket",
    ]),
    ...Object.keys(file.regions).flatMap((region) => {
      const { value, path } = entrySetting(file, region, "logs");
      const callers = entrySetting(file, region, "callers");
      return [
        ...bucketDiagnostics(value.bucket, [...path, "bucket"]),
        ...authorityDiagnostics(callers.value, [...callers.path, "mtls"]),
      ];
    }),
    ...variantsInRegions(subject).flatMap(({ variant: { settings }, at }) =>
      storedFolders(settings).flatMap(({ uri, mirrors, field, uriAt, mirrorsAt }) => [
        ...bucketDiagnostics(bucketOf(uri), at(field, ...uriAt)),
        ...mirrors.flatMap((mirror, index) =>
          bucketDiagnostics(bucketOf(mirror), at(field, ...mirrorsAt, index)),
        ),
      ]),
    ),
    ...variantsInRegions(subject).flatMap(({ variant: { settings }, at }) =>
      settings.reads.flatMap((read, index) => bucketDiagnostics(bucketOf(read), at("reads", index))),
    ),
  ];
};

/** The buckets of the certificates by which clients are known, and of those that are revoked. */
function authorityDiagnostics(callers: CallersFile | undefined, at: Path): readonly Diagnostic[] {
  const { bundle, revocations = [] } = (typeof callers === "object" ? callers.mtls : undefined) ?? {};
  return [
    ...bucketDiagnostics(bucketOf(bundle), [...at, "bundle"]),
    ...revocations.flatMap((uri, index) => bucketDiagnostics(bucketOf(uri), [...at, "revocations", index])),
  ];
}

/** The bucket of `s3://bucket/prefix`, or of `arn:aws:s3:::bucket/prefix/*`. */
function bucketOf(uri: string | undefined): string | undefined {
  return /^(?:s3:\/\/|arn:[^:]*:s3:::)([^/]*)/.exec(uri ?? "")?.[1];
}

function bucketDiagnostics(bucket: string | undefined, path: Path): readonly Diagnostic[] {
  const { reason } =
    BUCKET_NAME_REFUSALS.rules.find(({ pattern }) => bucket !== undefined && pattern.test(bucket)) ?? {};
  return reason === undefined
    ? []
    : [error("bucket-name-refused", path, `"${bucket}" ${reason}, which S3 refuses; choose another name`)];
}

/** The bucket of the state is made here, and reached by a name that TLS has to fit. */
function dotDiagnostics(bucket: string): readonly Diagnostic[] {
  const path = ["state", "bucket"];
  return bucket.includes(".") && bucketDiagnostics(bucket, path).length === 0
    ? [
        error(
          "bucket-name-refused",
          path,
          `"${bucket}" holds a dot, and TLS does not work with the address of such a bucket; use hyphens`,
        ),
      ]
    : [];
}
