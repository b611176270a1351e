import { SilenceWatch } from "../../local/load-balancer/silence";
import { Timeline } from "../../simulation/time/timeline";

/** Something that was heard at some time, and is given up 60 s later. */
function watched(clock: Timeline, given: string[], name: string) {
  let heardAt = clock.now;
  return {
    heard: () => {
      heardAt = clock.now;
    },
    get deadline() {
      return heardAt + 60;
    },
    silent: () => given.push(`${name} at ${clock.now}`),
  };
}

it("gives up each at its deadline, which is later when something was heard, and none that has ended", () => {
  const clock = new Timeline();
  const watch = new SilenceWatch(clock);
  const given: string[] = [];
  const [first, second, third] = ["first", "second", "third"].map((name) => watched(clock, given, name));
  if (first === undefined || second === undefined || third === undefined) {
    throw new Error("there are three");
  }
  watch.add(first);
  watch.add(second);
  watch.add(third);
  clock.run(50);
  second.heard();
  watch.delete(third);
  clock.run(100);
  expect(given).toEqual(["first at 60", "second at 110"]);
});

it("does not come late for a deadline that is earlier than those before it", () => {
  const clock = new Timeline();
  const watch = new SilenceWatch(clock);
  const given: string[] = [];
  watch.add(watched(clock, given, "late"));
  watch.add({ deadline: 10, silent: () => given.push(`early at ${clock.now}`) });
  clock.run(200);
  expect(given).toEqual(["early at 10", "late at 60"]);
});
