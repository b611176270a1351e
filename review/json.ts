import type { Review } from "./review";

/** The report for programs: what is told, without what was read. */
export function reviewJson({
  deployment,
  verdict,
  consequences,
  causes,
  awsRefusals,
  unchanged,
  order,
  money,
  monthly,
  traffic,
  idle,
  spare,
  survivalCost,
  survival,
  exposure,
}: Review): string {
  const report = {
    deployment: deployment.name,
    verdict,
    stacks: deployment.stacks.map(({ name, region, refusals }) => ({ name, region, refusals })),
    consequences: consequences.map((each) => ({ ...each, causes: causes.get(each) ?? [] })),
    awsRefusals: awsRefusals.map(({ change, ...each }) => ({ ...each, address: change.address })),
    ...{ unchanged, order, money, monthly, traffic, idle, spare, survivalCost, survival, exposure },
    notes: deployment.notes,
  };
  return JSON.stringify(report, undefined, 2);
}
