import { grouped } from "../../local/grouped";

it("says once what holds of many resources", () => {
  expect(
    grouped([
      "a: aws_x.disk watches disks",
      "a: aws_x.queue watches queues",
      "b: aws_x.disk watches disks",
      "c: aws_x.disk watches disks",
      "something else",
    ]),
  ).toEqual(["a: aws_x.disk (and 2 more) watches disks", "a: aws_x.queue watches queues", "something else"]);
});
