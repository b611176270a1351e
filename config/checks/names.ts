import { error } from "../diagnostics/diagnostic";
import type { Check } from "./check";

/**
 * Beginnings of names that AWS reserves, where the deployment's name begins the name of a resource. Sources: ELBv2 API,
 * CreateLoadBalancer (`internal-`); EC2 API, CreateSecurityGroup (`sg-`); S3 user guide, General purpose bucket naming
 * rules (the others).
 */
const RESERVED = ["internal", "sg", "sthree", "amzn-s3-demo"];

/** AWS allows resource names that begin with the deployment's name. */
export const checkNames: Check = ({ file: { name } }) => {
  const reserved = RESERVED.find((each) => `${name}-`.startsWith(`${each}-`));
  return reserved === undefined
    ? []
    : [
        error(
          "reserved-name",
          ["name"],
          `AWS reserves names that begin with "${reserved}-"; choose another beginning`,
        ),
      ];
};
