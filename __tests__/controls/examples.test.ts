import { type Report, stateOf } from "../../controls/judge";
import { OURS } from "../../controls/ours";
import { EXAMPLES, reportOf } from "../../scripts/controls-page";

const reports = new Map(EXAMPLES.map((file): [string, Report] => [file, reportOf(file)]));

describe.each(EXAMPLES)("%s", (file) => {
  const { results = [], unused, notRead } = reports.get(file) ?? {};
  const inState = (state: string) =>
    results.filter((result) => stateOf(result) === state).map(({ rule }) => rule.ids[0]);

  test("fails no control", () => {
    expect(inState("failed")).toEqual([]);
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
