const NONE: ReadonlyMap<string, string> = new Map();

/** The cookies of a request, by name. Source: RFC 6265, section 5.4. */
export function cookiesIn(header: string | undefined): ReadonlyMap<string, string> {
  if (header === undefined) {
    return NONE;
  }
  const cookies = new Map<string, string>();
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, at)).trim();
    if (name !== "") {
      cookies.set(name, pair.slice(at + 1).trim());
    }
  }
  return cookies;
}

/** A value of a cookie of the load balancer: what it names, until when. AWS encrypts it; this is only encoded. */
export function sealed(names: string, expires: number): string {
  return Buffer.from(JSON.stringify([names, expires])).toString("base64url");
}

/** What a value names; `undefined` where its time is over, or where it is no value of the load balancer. */
export function unsealed(value: string | undefined, now: number): string | undefined {
  try {
    const [names, expires] = JSON.parse(Buffer.from(value ?? "", "base64url").toString());
    return typeof names === "string" && expires > now ? names : undefined;
  } catch {
    return undefined;
  }
}
