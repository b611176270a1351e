/** A path at which Route 53 asks for the health of a model: it leads to the server's health path alone, and asks nobody who it is. */
export function isHealthCheckPath(path: string): boolean {
  return /^\/\.well-known\/health\/[\w-]+$/.test(path);
}
