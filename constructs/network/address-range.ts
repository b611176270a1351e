import { Token } from "cdktf";
import ipaddr from "ipaddr.js";

/**
 * Refuses a range of addresses that AWS would refuse or would silently change.
 * It accepts a token: Terraform resolves the value later.
 *
 * @param what the name of the value in the message, e.g. `cidrBlock`
 * @throws Error when the value is not an IPv4 or IPv6 range, or has bits set after its prefix, as `10.0.0.1/16` has
 */
export function requireAddressRange(what: string, range: string): void {
  if (Token.isUnresolved(range)) {
    return;
  }
  if ((ipaddr.IPv4.isValidFourPartDecimal(range) || ipaddr.IPv6.isValid(range)) && !range.includes("%")) {
    const bits = ipaddr.parse(range).kind() === "ipv4" ? 32 : 128;
    throw new Error(`${what} "${range}" is a single address; write it as ${range}/${bits}`);
  }
  const isRange = ipaddr.IPv4.isValidCIDRFourPartDecimal(range) || ipaddr.IPv6.isValidCIDR(range);
  if (!isRange || range.includes("%")) {
    throw new Error(`${what} "${range}" is not an address range; write it as 10.0.0.0/16 or 2001:db8::/32`);
  }
  const [address, length] = ipaddr.parseCIDR(range);
  const family = address.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  const network = family.networkAddressFromCIDR(range).toString();
  if (address.toString() !== network) {
    throw new Error(`${what} "${range}" does not begin at its network; write ${network}/${length}`);
  }
}
