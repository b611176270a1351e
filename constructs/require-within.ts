import { Token } from "cdktf";

/**
 * Refuses a number that AWS would refuse, while the program still runs.
 * A value Terraform only knows later (a token) is let through.
 *
 * @param what how the value is called in the message, e.g. `idleTimeout`
 * @throws RangeError when the value is no whole number from `min` to `max`
 */
export function requireWithin(what: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || Token.isUnresolved(value)) {
    return;
  }
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${what} must be a whole number from ${min} to ${max}; got ${value}`);
  }
}
