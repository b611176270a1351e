/**
 * What Terraform made but did not live to write down, as import blocks: the steps of docs/end-to-end.md, "When an
 * apply was killed".
 */

/** Made again, they only overwrite themselves; and what a log calls their id is not what an import wants. */
const MADE_AGAIN =
  /^(aws_autoscaling_lifecycle_hook|aws_autoscaling_policy|aws_iam_role_policy_attachment|terraform_data)\./;

/** An import block of Terraform's JSON. */
export interface ImportBlock {
  readonly to: string;
  readonly id: string;
}

/**
 * @param log what the killed apply said
 * @param known addresses that stand in the state
 */
export function lostResources(log: string, known: readonly string[]): readonly ImportBlock[] {
  const complete = /(\w+\.[\w-]+) \([^)]*\): Creation complete after \S+ \[id=(.*)\]/g;
  return [...log.matchAll(complete)]
    .map(([, to = "", id = ""]) => ({ to, id }))
    .filter(({ to }) => !known.includes(to) && !MADE_AGAIN.test(to));
}

/** Addresses of what the killed apply had begun and not seen the end of. */
export function resourcesInFlight(log: string): readonly string[] {
  const addresses = (end: string) =>
    [...log.matchAll(new RegExp(`(\\w+\\.[\\w-]+) \\([^)]*\\): ${end}`, "g"))].map(
      ([, address = ""]) => address,
    );
  const complete = addresses("Creation complete");
  return addresses("Creating\\.\\.\\.").filter((address) => !complete.includes(address));
}
