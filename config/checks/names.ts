import { error } from "../diagnostics/diagnostic";
import type { Check } from "./check";

/**
 * How AWS does not let names begin that the deployment's name begins. Sources: ELBv2 API, CreateLoadBalancer
 * (`internal-`); EC2 API, CreateSecurityGroup (`sg-`); S3 user guide, General purpose bucket naming rules (the others).
 */
const RESERVED = ["internal", "sg", "sthree", "amzn-s3-demo"];

/** A name for the deployment that AWS lets its resources begin with. */
export const checkNames: Check = ({ file: { name } }) => {
  const reserved = RESERVED.find((each) => `${name}-`.startsWith(`${each}-`));
  return reserved === undefined
    ? []
    : [
        error(
          "reserved-name",
          ["name"],
          `AWS keeps names that begin with "${reserved}-" for itself; choose another beginning`,
        ),
      ];
};
