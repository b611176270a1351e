import type { Path } from "../diagnostics/diagnostic";

/** A field that had another name, or that another one replaces. */
interface RenamedField {
  /** The end of its old path. */
  readonly old: Path;
  /** Its new name, where that stands in the same mapping. */
  readonly name?: string;
  /** What to write instead. */
  readonly instead: string;
}

function renamed(old: Path, name: string): RenamedField {
  return { old, name, instead: `it is "${name}" now` };
}

const RENAMED: readonly RenamedField[] = [
  renamed(["door"], "globalEndpoint"),
  renamed(["requestsPerMinutePerBox"], "requestsPerMinutePerInstance"),
  renamed(["waitingRequestsPerBox"], "waitingRequestsPerInstance"),
  renamed(["boxSubnetIds"], "instanceSubnetIds"),
  renamed(["boxSubnetTags"], "instanceSubnetTags"),
  renamed(["stickiness", "box"], "instance"),
  { old: ["alarms", "silent"], instead: 'write accept: { no-alarm-recipient: "the reason" }' },
  {
    old: ["spot", "acceptCutRequests"],
    instead: 'write accept: { spot-cuts-requests: "the reason" } beside spot',
  },
];

/**
 * What cannot be a field, though one may expect it, and what to do instead.
 *
 * @param path of the unknown field
 */
export function impossibleField(path: Path): string | undefined {
  const [list, place, field] = path.slice(-3);
  if (list === "entry" && place === "callers" && (field === "apiKey" || field === "unauthenticated")) {
    return `it is a word, and has no fields; write callers: ${field}`;
  }
  return list === "routes" && (field === "body" || field === "model")
    ? 'a load balancer cannot read the body of a request, so its "model" chooses nothing here; give each model a prefix, a header or a host, or put a gateway in front: docs/one-endpoint.md'
    : undefined;
}

/**
 * The field that is meant by an old path.
 *
 * @param fields that the mapping takes in which the old one stands: one with another name has to be among them
 */
export function renamedField(path: Path, fields: readonly string[]): RenamedField | undefined {
  return RENAMED.find(
    ({ old, name }) =>
      old.every((step, index) => step === path[path.length - old.length + index]) &&
      (name === undefined || fields.includes(name)),
  );
}
