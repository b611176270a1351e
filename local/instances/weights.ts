import { createHash } from "node:crypto";

/** Puts files into S3, and beside them their checksums. @param prefix such as `s3://bucket/prefix/` */
export async function putWeights(
  aws: { readonly endpoint: string },
  prefix: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const { hostname: bucket, pathname } = new URL(prefix);
  const sums = Object.entries(files).map(([name, text]) => `${sha256(text)}  ${name}\n`);
  await put(`${aws.endpoint}/${bucket}`, "");
  for (const [name, body] of Object.entries({ ...files, SHA256SUMS: sums.join("") })) {
    await put(`${aws.endpoint}/${bucket}${pathname}${name}`, body);
  }
}

/** Puts an object, or makes a bucket. */
export async function put(url: string, body: string): Promise<void> {
  const { ok, status } = await fetch(url, { method: "PUT", body });
  // A bucket that is there already will do.
  if (!ok && status !== 409) {
    throw new Error(`PUT ${url} was answered with ${status}`);
  }
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
