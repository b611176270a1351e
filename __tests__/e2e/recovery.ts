import type { Json } from "../support/synthesis";

/**
 * What Terraform made but did not live to write down: the commands of docs/end-to-end.md, "When an apply was
 * killed", for all of it.
 */

/** Made again, they only overwrite themselves; and what a log calls their id is not what an import wants. */
const MADE_AGAIN =
  /^(aws_autoscaling_lifecycle_hook|aws_autoscaling_policy|aws_cloudwatch_event_target|aws_iam_role_policy_attachment|terraform_data)\./;

/** An import block of Terraform's JSON. */
export interface ImportBlock {
  readonly to: string;
  readonly id: string;
}

/**
 * An address in a log of cdktf, which puts the path of the construct behind it; where an address begins like another one,
 * in its midst.
 */
const ADDRESS = String.raw`(\w+\.[\w-]+) \([^)]*\)([\w-]*)`;

/** Resources to import before the next apply. */
export interface Lost {
  /** All that it made and did not write down. */
  readonly imports: readonly ImportBlock[];
  /** Addresses among them at which the state has what was to be replaced. */
  readonly taken: readonly string[];
}

/**
 * @param log output of the killed apply
 * @param state the JSON of `terraform show`
 */
export function lostResources(log: string, state: Json): Lost {
  const resources: readonly Json[] = state.values?.root_module?.resources ?? [];
  const idsInState = new Map(resources.map(({ address, values }) => [address, values.id]));
  const complete = new RegExp(`${ADDRESS}: Creation complete after \\S+ \\[id=(.*)\\]`, "g");
  const imports = [...log.matchAll(complete)]
    .map(([, begin = "", end = "", id = ""]) => ({ to: begin + end, id }))
    .filter(({ to, id }) => idsInState.get(to) !== id && !MADE_AGAIN.test(to));
  return { imports, taken: imports.map(({ to }) => to).filter((address) => idsInState.has(address)) };
}

/** Types whose import wants something else than their id, from the provider's page of each, "Import". */
const IMPORT_IDS: Readonly<Record<string, (values: Json) => string>> = {
  aws_autoscaling_lifecycle_hook: (hook) => `${hook.autoscaling_group_name}/${hook.name}`,
  aws_autoscaling_policy: (policy) => `${policy.autoscaling_group_name}/${policy.name}`,
  aws_cloudwatch_event_target: ({ rule, target_id }) => `${rule}/${target_id}`,
  aws_iam_role_policy_attachment: ({ role, policy_arn }) => `${role}/${policy_arn}`,
  aws_route: (route) => `${route.route_table_id}_${destinationOf(route)}`,
  aws_route_table_association: ({ subnet_id, route_table_id }) => `${subnet_id}/${route_table_id}`,
  aws_vpc_endpoint_route_table_association: (each) => `${each.vpc_endpoint_id}/${each.route_table_id}`,
};

function destinationOf(route: Json): string {
  return (
    route.destination_cidr_block || route.destination_ipv6_cidr_block || route.destination_prefix_list_id
  );
}

/** They are nothing in AWS, and made again at no cost. */
const NOT_IMPORTED = ["terraform_data", "aws_acm_certificate_validation"];

/** All resources of a state, as imports for the case that the state is lost. */
export function importsOfAll(state: Json): readonly ImportBlock[] {
  const resources: readonly Json[] = state.values.root_module.resources;
  return resources
    .filter(({ mode, type }) => mode === "managed" && !NOT_IMPORTED.includes(type))
    .map(({ address, type, values }) => ({ to: address, id: IMPORT_IDS[type]?.(values) ?? values.id }));
}

/** Addresses of what the killed apply had begun and not seen the end of. */
export function resourcesInFlight(log: string): readonly string[] {
  const addresses = (end: string) =>
    [...log.matchAll(new RegExp(`${ADDRESS}: ${end}`, "g"))].map(([, begin = "", rest = ""]) => begin + rest);
  const complete = addresses("Creation complete");
  return addresses("Creating\\.\\.\\.").filter((address) => !complete.includes(address));
}
