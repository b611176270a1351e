import { type Report, stateOf } from "../../controls/judge";
import { OURS } from "../../controls/ours";
import { EXAMPLES, reportOf } from "../../scripts/controls-page";

/** What an example fails in each region, or in the stack of the state, and nobody has closed or accepted yet: by first ids. */
const OPEN_IN_ALL = [
  ...["CKV2_AWS_28", "ELB.16", "AWS-0053", "CKV_AWS_378", "ELB.21", "AWS-0104"],
  ...["CKV2_AWS_62", "CKV_AWS_158"],
];

const OPEN: Readonly<Record<(typeof EXAMPLES)[number], readonly string[]>> = {
  "serving.yaml": OPEN_IN_ALL,
  // Plain HTTP, for everyone, without somebody to notify, on addresses that are public.
  "examples/minimal.yaml": [
    ...OPEN_IN_ALL,
    ...["CKV2_AWS_20", "MLSEC-12", "CKV_AWS_2", "CKV_AWS_103", "NIST-ELBv2ACMCertificateRequired"],
    ...["AwsSolutions-AS3", "CKV_AWS_88", "CKV_AWS_260", "AwsSolutions-EC23", "CloudWatch.15"],
    "NIST-CloudWatchAlarmAction",
  ],
  // Cookies for one model, and models that one instance type holds.
  "examples/twelve-models.yaml": [...OPEN_IN_ALL, "REL05-BP06", "AutoScaling.6"],
};

const reports = new Map(EXAMPLES.map((file): [string, Report] => [file, reportOf(file)]));

describe.each(EXAMPLES)("%s", (file) => {
  const { results = [], unused, notRead } = reports.get(file) ?? {};
  const inState = (state: string) =>
    results.filter((result) => stateOf(result) === state).map(({ rule }) => rule.ids[0]);

  test("fails no control but those that are known to be open", () => {
    expect(inState("failed").sort()).toEqual([...OPEN[file]].sort());
  });

  test("leaves nothing open by an expression, accepts nothing in vain, and is read as a whole", () => {
    expect([inState("not known"), unused, notRead]).toEqual([[], [], []]);
  });
});

test("what this project accepts is there in an example", () => {
  const accepted = [...reports.values()].flatMap(({ results }) =>
    results.flatMap((result) =>
      result.accepted.some(({ by }) => by === "this project") ? result.rule.ids : [],
    ),
  );
  expect(OURS.map(({ id }) => id).filter((id) => !accepted.includes(id))).toEqual([]);
});
