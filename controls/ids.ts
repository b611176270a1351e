/** An id of a control, as it is told apart here. */
export interface ControlId {
  /** As a catalogue writes it: `AwsSolutions-IAM5`. */
  readonly id: string;
  /** What cdk-nag prints after some ids: the one thing that was found, `Resource::*`. */
  readonly finding?: string;
}

/**
 * Reads an id in the forms in which scanners print it: cdk-nag writes the pack of a rule before its name
 * (`NIST.800.53.R5-ALBWAFEnabled`, `HIPAA.Security-…`, `PCI.DSS.321-…`, of which each asks the same as `NIST-…` here) and
 * what it found after it (`AwsSolutions-IAM5[Resource::*]`); older versions of Trivy write `AVD-` before theirs.
 *
 * Source: cdk-nag, README, Suppressing a rule, and RULES.md; Trivy documentation, AVD ids.
 */
export function readControlId(text: string): ControlId {
  const [, printed = text, finding] = /^([^[\]]+)\[(.+)\]$/s.exec(text.trim()) ?? [undefined, text.trim()];
  const id = printed
    .replace(/^(NIST\.800\.53\.R[45]|HIPAA\.Security|PCI\.DSS\.321)-/, "NIST-")
    .replace(/^AVD-(?=AWS-\d)/, "");
  return finding === undefined ? { id } : { id, finding };
}
