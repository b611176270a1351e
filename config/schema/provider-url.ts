import ipaddr from "ipaddr.js";
import * as z from "zod";
import type { TextLimit } from "../../aws/limits";
import { finding } from "./errors/codes";

/** What a URL of an identity provider is for. */
interface ProviderUrl {
  readonly limit: TextLimit & { readonly pattern: RegExp };
  readonly example: string;
  /**
   * Who asks for it. `load balancer`: AWS, or the load balancer itself, whose security group lets it reach port 443 alone.
   * `browser`: a person's. `nobody`: it is a name.
   */
  readonly askedBy: "load balancer" | "browser" | "nobody";
}

/**
 * A URL of an identity provider: with https, a domain and, where it is asked for, a path. Sources: ELBv2 API,
 * AuthenticateOidcActionConfig and JwtValidationActionConfig ("a full URL, including the HTTPS protocol, the domain, and
 * the path"); ELB user guide, "Authenticate users using an Application Load Balancer", "Prepare to use" (endpoints
 * resolve in public DNS); OpenID Connect Discovery 1.0, 3, for an issuer, which has neither query nor fragment.
 */
export function providerUrl({ limit, example, askedBy }: ProviderUrl) {
  return z
    .string()
    .max(limit.maxLength)
    .regex(limit.pattern, {
      error: ({ input }) => `"${input}" is no URL with https; write it as ${example}`,
      abort: true,
    })
    .superRefine((text, context) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (url !== undefined && `${url.username}${url.password}` !== "") {
        context.addIssue({
          code: "custom",
          message: `holds a user or a password, which anyone who reads the plan would see; write it as ${example}`,
          ...finding("secret-in-plain-text"),
        });
        return;
      }
      const fault = url === undefined ? "is no URL" : faultOf(text, url, askedBy);
      if (fault !== undefined) {
        context.addIssue({ code: "custom", message: `"${text}" ${fault}; write it as ${example}` });
      }
    });
}

function faultOf(text: string, url: URL, askedBy: ProviderUrl["askedBy"]): string | undefined {
  const { hostname, port, pathname, search, hash } = url;
  if (!/^[!-~]+$/.test(text)) {
    return `holds other characters than ASCII has; its host is ${hostname} in DNS`;
  }
  if (ipaddr.isValid(hostname.replace(/^\[|\]$/g, "")) || !/\.[a-z][a-z0-9-]*\.?$/.test(hostname)) {
    return `has ${hostname} for a host, and AWS takes a domain that it finds in public DNS`;
  }
  if (askedBy === "load balancer" && port !== "") {
    return `has port ${port}, and the load balancer reaches port 443 alone`;
  }
  if (hash !== "") {
    return "holds a fragment, which no request has";
  }
  if (askedBy === "nobody" ? search !== "" : pathname === "/") {
    return askedBy === "nobody" ? "holds a query, which no issuer has" : "has no path";
  }
  return undefined;
}
