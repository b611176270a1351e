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
    instead: 'write accept: { spot-cuts-requests: "the reason" } under the model or the variant',
  },
];

/** The field that is meant by an old path. */
export function renamedField(path: Path): RenamedField | undefined {
  return RENAMED.find(({ old }) =>
    old.every((step, index) => step === path[path.length - old.length + index]),
  );
}
