import { isIPv4, isIPv6 } from "node:net";
import type { Finding } from "../finding";
import { blocksIn, type Json, listOf, resourcesOf } from "../terraform/json";

const SOURCE = "Route 53 developer guide, Supported DNS record types";

const HOST = /^(?=.{1,255}$)([A-Za-z0-9_*-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?$/;

/** Forms of the value of a record, by its type. */
const VALUES: Readonly<Record<string, (value: string) => boolean>> = {
  A: isIPv4,
  AAAA: isIPv6,
  CAA: (value) => /^\d{1,3} (issue|issuewild|iodef) "[^"]*"$/.test(value),
  CNAME: (value) => HOST.test(value),
  MX: (value) => /^\d{1,5} \S+$/.test(value) && HOST.test(value.replace(/^\d+ /, "")),
  NS: (value) => HOST.test(value),
  // Terraform quotes the text and cuts it into strings of 255 characters, unless it is quoted.
  TXT: (value) => value.length <= 4000,
};

/**
 * What is wrong with the records of a stack: their names, and their values by their types.
 *
 * @param stack Terraform JSON, parsed
 */
export function recordFindings(stack: Json): readonly Finding[] {
  return resourcesOf(stack, "aws_route53_record").flatMap(([id, record]) => {
    const found = (argument: string, message: string): Finding => ({
      address: `aws_route53_record.${id}`,
      argument,
      message,
      source: SOURCE,
    });
    const { name, type, records, ttl } = record;
    const isAlias = blocksIn(record, "alias").length > 0;
    const values = listOf(records);
    const fits = VALUES[type];
    return [
      // The empty name is that of the zone.
      ...(isKnown(name) && name !== "" && !HOST.test(name)
        ? [found("name", `is "${name}", which is no name of DNS`)]
        : []),
      ...(isAlias === values.length > 0
        ? [found("records", "must be given, or an alias, and not both")]
        : []),
      ...(isAlias === (ttl !== undefined)
        ? [found("ttl", "must be given with records, and not with an alias")]
        : []),
      ...(type === "CNAME" && values.length > 1
        ? [found("records", `has ${values.length} values, and a CNAME has one`)]
        : []),
      ...values
        .filter((value) => isKnown(value) && fits !== undefined && !fits(value))
        .map((value) => found("records", `has "${value}", which is no value of type ${type}`)),
    ];
  });
}

/** Whether a text has no reference, whose value only an apply shows. */
function isKnown(text: Json): boolean {
  return typeof text === "string" && !text.includes("${");
}
