import { apiReport } from "../testing/api-limits/check";
import { relationFindings } from "../testing/api-limits/relations/check";
import type { Finding } from "../testing/finding";
import type { ResourceChange, StackChange } from "./deployment";

/** An argument that AWS will not take. */
export interface AwsRefusal {
  readonly stack: string;
  readonly change: ResourceChange;
  /** The first name of the argument, which leads to the field of serving.yaml; empty where it is the whole resource. */
  readonly argument: string;
  /** `aws_lb_target_group.main: health_check.interval is 400; AWS takes 5 to 300` */
  readonly says: string;
  /** Who says so. */
  readonly source: string;
}

/**
 * What AWS will refuse of what is made or changed, by its own models of its services and by its documentation. The tables
 * behind it know what this project sends to AWS, and of other plans nothing is said.
 */
export function awsRefusals({ name, changes, written }: StackChange): readonly AwsRefusal[] {
  const sent = new Map(
    changes
      .filter(({ action }) => !["unchanged", "delete", "forget"].includes(action))
      .map((change) => [change.address, change]),
  );
  const refusal = ({ address, argument, message, source }: Finding): readonly AwsRefusal[] => {
    const change = sent.get(address);
    const [first = ""] = argument.split(".");
    const says = `${address}${argument === "" ? "" : `: ${argument}`} ${message}`;
    return change === undefined ? [] : [{ stack: name, change, argument: first, says, source }];
  };
  return [...apiReport(written).findings, ...relationFindings(written)].flatMap(refusal);
}
