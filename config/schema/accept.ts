import * as z from "zod";
import { acceptableCodes, errorCodes, findings } from "../diagnostics/findings";
import { closest, didYouMean } from "../diagnostics/suggest";
import { quote } from "../diagnostics/text";
import { finding } from "./errors/codes";

const isOneOf = (codes: readonly string[], code: string) => codes.includes(code);

const warningCode = z.string().superRefine((code, context) => {
  if (isOneOf(errorCodes, code)) {
    const message = `${quote(code)} is an error, and errors cannot be accepted; correct what it names`;
    context.addIssue({ code: "custom", message, ...finding("error-accepted") });
  } else if (!isOneOf(acceptableCodes, code)) {
    const near = didYouMean(closest(code, acceptableCodes)) || "; docs/findings.md lists them";
    const message = `${quote(code)} is no warning that can be accepted${near}`;
    context.addIssue({ code: "custom", message, ...finding("unknown-warning") });
  }
});

const reason = z
  .string()
  .regex(/\S/, { error: "must not be empty; write why the warning does not matter here" });

/** Warnings that are meant, by code, each with the reason: they are not shown again. */
export const acceptSchema = z.record(warningCode, reason).meta({
  id: "accept",
  description:
    "Warnings about this part that are meant: the code of each (docs/findings.md), with the reason. They are no longer shown, but by `npm run explain`. Default: none.",
  properties: Object.fromEntries(
    acceptableCodes.map((code) => [
      code,
      { type: "string", pattern: "\\S", description: findings[code].sentence },
    ]),
  ),
  additionalProperties: false,
});

/** Reasons by the codes of warnings. */
export type Accept = z.output<typeof acceptSchema>;
