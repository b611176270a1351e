/** The addresses of all resources in the text of a stack, in order, e.g. `aws_lb.alb`. */
export function addressesIn(text: string): readonly string[] {
  const { resource = {} } = JSON.parse(text);
  return Object.entries<object>(resource)
    .flatMap(([type, byId]) => Object.keys(byId).map((id) => `${type}.${id}`))
    .sort();
}
