import type { Client } from "./client";

/** What a load balancer answers for itself. Source: ELB user guide, "Troubleshoot your Application Load Balancers". */
const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Authorization Required",
  408: "Request Timeout",
  464: "",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
};

/** Sends an error of the load balancer itself, as a page, and closes nothing. */
export function sendOwnError(client: Client, status: number): void {
  const title = `${status} ${REASONS[status]}`.trim();
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  const headers = {
    server: "awselb/2.0",
    "content-type": "text/html",
    "content-length": Buffer.byteLength(page),
  };
  client.send(status, REASONS[status], headers, page);
}
