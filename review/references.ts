import { isRecord, type Json } from "../testing/terraform/json";

/** References of a text of Terraform JSON: `${aws_lb.entry_alb.arn}` is to `arn` of `aws_lb.entry_alb`. */
const REFERENCE = /\b((?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[A-Za-z_][\w-]*)\.([a-z_]+)/g;

/** A reference in the arguments of a resource. */
export interface Reference {
  /** The argument, its first name: `launch_template`. */
  readonly argument: string;
  /** `aws_lb.entry_alb`, `data.aws_vpc.network` */
  readonly address: string;
  readonly attribute: string;
}

/** What the arguments of a resource refer to, each as often as it is there. */
export function referencesIn(body: Json): readonly Reference[] {
  return isRecord(body)
    ? Object.entries<Json>(body)
        .filter(([argument]) => argument !== "//" && argument !== "depends_on" && argument !== "lifecycle")
        .flatMap(([argument, value]) =>
          textsIn(value)
            .filter((text) => text.includes("${"))
            .flatMap((text) =>
              [...text.matchAll(REFERENCE)].map(([, address = "", attribute = ""]) => ({
                argument,
                address,
                attribute,
              })),
            ),
        )
    : [];
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values<Json>(value).flatMap(textsIn) : [];
}
