import fc from "fast-check";
import { randomFrom } from "../../simulation/time/random";
import { Timeline } from "../../simulation/time/timeline";

it("does what is asked for by time, and in the order of asking where times are equal", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 300 }), (delays) => {
      const timeline = new Timeline();
      const done: number[] = [];
      for (const [index, delay] of delays.entries()) {
        timeline.after(delay, (argument) => done.push(argument), index);
      }
      timeline.runUntil(20);
      const wanted = delays
        .map((delay, index) => [delay, index] as const)
        .sort(([a, i], [b, j]) => a - b || i - j)
        .map(([, index]) => index);
      expect(done).toEqual(wanted);
    }),
  );
});

it("does not do what is cancelled, and leaves a later timer in its place alone", () => {
  const timeline = new Timeline();
  const done: string[] = [];
  const first = timeline.after(1, () => done.push("first"));
  timeline.after(1, () => done.push("second"));
  timeline.cancel(first);
  timeline.runUntil(2);
  timeline.after(1, () => done.push("third"));
  timeline.cancel(first);
  timeline.runUntil(5);
  expect(done).toEqual(["second", "third"]);
});

it("sets the clock to the time of what it does, and does what that asks for", () => {
  const timeline = new Timeline();
  const times: number[] = [];
  const again = () => {
    times.push(timeline.now);
    timeline.after(2, again);
  };
  timeline.after(1, again);
  timeline.runUntil(6);
  expect([times, timeline.now, timeline.next]).toEqual([[1, 3, 5], 6, 7]);
});

it("gives the same numbers for the same seed, spread evenly", () => {
  const [one, two] = [randomFrom(7), randomFrom(7)];
  const numbers = Array.from({ length: 10_000 }, one);
  expect(numbers.slice(0, 10)).toEqual(Array.from({ length: 10 }, two));
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const count = numbers.filter((each) => Math.floor(each * 10) === tenth).length;
    expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(900));
  }
});
