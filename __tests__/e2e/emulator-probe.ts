/** Milliseconds an emulator has to answer in. */
const PATIENCE = 10_000;

/**
 * Sends GetCallerIdentity to an emulator.
 *
 * @param endpoint from `E2E_ENDPOINT`
 * @returns half a sentence that says what is wrong with it; nothing, when AWS's answer comes
 */
export async function wrongWithEmulatorAt(endpoint: string): Promise<string | undefined> {
  const named = `E2E_ENDPOINT is "${endpoint}"`;
  if (!/^https?:/.test(endpoint) || !URL.canParse(endpoint)) {
    return `${named}, which is no address of an emulator, such as http://localhost:5000: correct it, or unset it to have one started`;
  }
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization:
        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=none",
    },
    body: "Action=GetCallerIdentity&Version=2011-06-15",
    signal: AbortSignal.timeout(PATIENCE),
  })
    .then((response) => response.text())
    .catch(({ name, cause }: Error & { readonly cause?: { readonly code?: string } }) => ({
      failure: cause?.code ?? name,
    }));
  if (typeof answer !== "string") {
    return `${named}, where nobody answers (${answer.failure}): start the emulator there, or unset it to have one started`;
  }
  return answer.includes("GetCallerIdentityResponse")
    ? undefined
    : `${named}, where something answers that is no emulator of AWS: correct it, or unset it to have one started`;
}
