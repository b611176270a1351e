import { type AwsRefusal, awsRefusals } from "./aws-refusals";
import { type Cause, causesOf, changedFields, placesOf, type Written } from "./causes";
import { type Consequence, consequencesOf } from "./consequences";
import type { Deployment } from "./deployment";
import { type Exposure, exposureOf } from "./exposure";
import { waysText } from "./global-regions";
import { type Money, moneyOf } from "./money";
import { idleIn, type Monthly, monthlyOf, type SurvivalCost, survivalCostOf } from "./more-money";
import { orderOf } from "./order";
import { regionSides, type Sides, sidesOf } from "./sides";
import { subjectsOf } from "./subject";
import { type Survival, survivalOf } from "./survival";
import { type Traffic, type TrafficCost, trafficCostOf } from "./traffic";
import { type Verdict, verdictOf } from "./verdict";

/** What a change of a deployment does, as somebody who knows it would say. */
export interface Review {
  readonly deployment: Deployment;
  readonly sides: Sides;
  readonly verdict: Verdict;
  /** By stack, then by kind. */
  readonly consequences: readonly Consequence[];
  /** Fields of serving.yaml that lead to a consequence, where the file is at hand. */
  readonly causes: ReadonlyMap<Consequence, readonly Cause[]>;
  /** What AWS will refuse, each with where the file speaks of it. */
  readonly awsRefusals: readonly (AwsRefusal & { readonly causes: readonly Cause[] })[];
  /** Resources that stay as they are. */
  readonly unchanged: number;
  /** In which order the stacks are applied, where several change. */
  readonly order: readonly string[];
  readonly money: Money;
  /** Of the money at min, what is there for the loss of a zone or a region, where both files are at hand. */
  readonly spare: Spare | undefined;
  readonly monthly: Monthly;
  /** What stated traffic costs; empty: none is stated. */
  readonly traffic: readonly TrafficCost[];
  /** Groups that run and get no request. */
  readonly idle: ReturnType<typeof idleIn>;
  /** What surviving costs at the most, as far as the stacks tell. */
  readonly survivalCost: SurvivalCost;
  readonly survival: Survival;
  readonly exposure: readonly Exposure[];
}

/** Dollars an hour before and after. */
export interface Spare {
  readonly before: number;
  readonly after: number;
}

/** What is known beside the stacks. */
export interface Beside {
  /** serving.yaml of after with its places; of before as a value, where it is at hand. */
  readonly files?: { readonly before?: unknown; readonly after: Written };
  readonly spare?: Spare;
  readonly traffic?: Traffic;
}

/** Reviews a change. */
export function review(deployment: Deployment, { files, spare, traffic = {} }: Beside = {}): Review {
  const sides = sidesOf(deployment.stacks);
  const ways = { before: waysText(sides.before), after: waysText(sides.after) };
  const told = deployment.stacks.map((stack) => ({
    stack,
    all: consequencesOf(stack, regionSides(stack, sides), ways),
  }));
  const consequences = told.flatMap(({ all }) => all);
  const refused = deployment.name === undefined ? [] : deployment.stacks.flatMap(awsRefusals);
  const money = moneyOf(deployment.stacks, sides);
  const survival = survivalOf(sides, deployment.stacks);
  const fields = files?.before === undefined ? undefined : changedFields(files.before, files.after.value);
  return {
    ...{ deployment, sides, consequences, spare },
    causes: new Map(
      files === undefined
        ? []
        : told.flatMap(({ stack, all }) =>
            all.map((each): [Consequence, readonly Cause[]] => [
              each,
              fields === undefined ? placesOf(each, files.after) : causesOf(each, stack, fields, files.after),
            ]),
          ),
    ),
    awsRefusals: refused.map((each) => ({
      ...each,
      causes: files === undefined ? [] : placesOf(placeOf(each, deployment, sides), files.after),
    })),
    verdict: verdictOf(deployment, consequences, sides, refused),
    unchanged: deployment.stacks
      .filter(({ isLeft }) => !isLeft)
      .flatMap(({ changes }) => changes)
      .filter(({ action }) => action === "unchanged").length,
    order: orderOf(deployment),
    ...{ money, survival },
    monthly: monthlyOf(deployment.stacks),
    traffic: trafficCostOf(deployment.stacks, traffic),
    idle: idleIn(sides.after),
    survivalCost: survivalCostOf(money.parts, deployment.stacks, sides, survival.regions.after),
    exposure: exposureOf(deployment.stacks, sides),
  };
}

/** What a refusal is about. */
function placeOf({ stack, change, argument }: AwsRefusal, { stacks }: Deployment, sides: Sides) {
  const of = stacks.filter(({ name }) => name === stack).map((each) => subjectsOf(regionSides(each, sides)));
  return { subject: of[0]?.(change) ?? { label: undefined }, arguments: [argument] };
}
