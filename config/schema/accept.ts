import * as z from "zod";
import { acceptableCodes, errorCodes, findings } from "../diagnostics/findings";
import { closest, didYouMean } from "../diagnostics/suggest";
import { quote } from "../diagnostics/text";
import { finding } from "./errors/codes";

const isOneOf = (codes: readonly string[], code: string) => codes.includes(code);

/** Whether a key of `accept` names a public control, as `CKV_AWS_91` or `ELB.5`: codes of warnings have neither capitals nor `_`. */
export const isControlId = (code: string) => /[A-Z_]/.test(code);

const codeOf = (takes: "warnings" | "warnings and controls") =>
  z.string().superRefine((code, context) => {
    if (isControlId(code)) {
      if (takes === "warnings") {
        const message = `${quote(code)} is a control, and not a warning about this part; accept it at the top of the file or under a region`;
        context.addIssue({ code: "custom", message, ...finding("unknown-warning") });
      }
    } else if (isOneOf(errorCodes, code)) {
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

const REASON = { type: "string", pattern: "\\S" } as const;

const form = {
  properties: Object.fromEntries(
    acceptableCodes.map((code) => [code, { ...REASON, description: findings[code].sentence }]),
  ),
  additionalProperties: false,
};

const WARNINGS =
  "Warnings about this part that are meant: the code of each (docs/findings.md), with the reason. They are no longer shown, but by `npm run explain`.";

/** Warnings that are meant, by code, each with the reason: they are not shown again. */
export const acceptSchema = z.record(codeOf("warnings"), reason).meta({
  id: "accept",
  description: `${WARNINGS} Default: none.`,
  ...form,
});

/** The same, where public controls may be accepted too, by their ids. */
export const acceptWithControlsSchema = z.record(codeOf("warnings and controls"), reason).meta({
  id: "accept-with-controls",
  description: `${WARNINGS} Also controls that fail and are meant to, by their ids (docs/controls.md): \`{ CKV2_AWS_28: a firewall stands before it }\`. Default: none.`,
  ...form,
  patternProperties: { "[A-Z_]": { ...REASON, description: "A control: docs/controls.md." } },
});

/** Reasons by the codes of warnings. */
export type Accept = z.output<typeof acceptSchema>;
