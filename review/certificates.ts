import { entriesOf, type Json, listOf } from "../testing/terraform/json";
import type { ResourceChange, StackChange } from "./deployment";

/** The names that a certificate is for; `undefined`: only AWS knows them. */
type Names = readonly string[] | undefined;

const CERTIFICATE = /\$\{(aws_acm_certificate(?:_validation)?)\.([\w-]+)\./;

/** Names for which a listener that speaks TLS before and after had a certificate, and has none. */
export function namesLostAtListeners({ before, after }: StackChange): readonly string[] {
  return entriesOf(before.resource?.aws_lb_listener).flatMap(([listener]) => {
    const [had, has] = [certificatesOf(before, listener), certificatesOf(after, listener)];
    const known = has.flatMap((names) => names ?? []);
    return has.length === 0 || has.some((names) => names === undefined)
      ? []
      : had.flatMap((names) => names ?? []).filter((name) => !known.some((each) => isFor(each, name)));
  });
}

function certificatesOf(json: Json, listener: string): readonly Names[] {
  const more = entriesOf(json.resource?.aws_lb_listener_certificate)
    .map(([, body]) => body)
    .filter(({ listener_arn }) => String(listener_arn).startsWith(`\${aws_lb_listener.${listener}.`));
  return [json.resource?.aws_lb_listener?.[listener], ...more]
    .flatMap((body) => (body?.certificate_arn == null ? [] : [body.certificate_arn]))
    .map((arn) => namesOf(json, arn));
}

function namesOf(json: Json, arn: Json): Names {
  const [, type = "", name = ""] = CERTIFICATE.exec(String(arn)) ?? [];
  const body = json.resource?.[type]?.[name];
  return type.endsWith("_validation")
    ? namesOf(json, body?.certificate_arn)
    : body?.domain_name === undefined
      ? undefined
      : [body.domain_name, ...listOf(body.subject_alternative_names)].map(String);
}

/** Whether a certificate's name stands for another one: `*.example.com` for `a.example.com`. */
function isFor(name: string, other: string): boolean {
  return name === other || (name.startsWith("*.") && name.slice(1) === other.replace(/^[^.]+/, ""));
}

/** Whether a trust store that stays gets its certificates of authorities from another object. */
export function hasOtherBundle({ type, action, differences }: ResourceChange): boolean {
  return (
    type === "aws_lb_trust_store" &&
    (action === "update" || action.startsWith("replace")) &&
    differences.some(({ path }) => path.startsWith("ca_certificates_bundle_"))
  );
}
