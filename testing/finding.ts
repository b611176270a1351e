/** Something wrong in the Terraform of a stack. */
export interface Finding {
  /** The part of the stack: `aws_lb.entry_alb`, `data.aws_vpc.network`, `output.endpoint`. */
  readonly address: string;
  /** The path of the argument: `health_check.interval`. Empty when it is the part itself. */
  readonly argument: string;
  /** What is wrong: the rest of a sentence that begins with the argument. */
  readonly message: string;
  /** The page, or the file with its version, that says so. */
  readonly source: string;
}

/** A finding as a sentence with its source. */
export function renderFinding({ address, argument, message, source }: Finding): string {
  return `${address}${argument === "" ? "" : `: ${argument}`} ${message} (${source})`;
}
