import type { BoxFacts } from "../../../boot/user-data";
import { canEmulateAws } from "../tools";
import { type Aws, startAws } from "./aws";
import { BoxInAws } from "./box-in-aws";

/** AWS, and boxes in it, for the tests of a file. */
export interface World {
  readonly aws: Aws;
  /** @param facts what is unusual about the box, which goes when the test has ended */
  launch(facts?: Partial<BoxFacts>): Promise<BoxInAws>;
}

/** Describes what may happen to boxes, each test by itself in the same emulator. */
export function describeBoxes(what: string, tests: (world: World) => void): void {
  const describeIfPossible = canEmulateAws() ? describe : describe.skip;
  describeIfPossible(`${what} (skipped without moto_server and an AWS CLI of 1.29, 2.13 or later)`, () => {
    let aws: Aws;
    const boxes: BoxInAws[] = [];
    beforeAll(async () => {
      aws = await startAws();
    });
    afterEach(async () => {
      for (const box of boxes.splice(0)) {
        await box.terminate();
      }
      aws.forget();
    });
    afterAll(() => aws.stop());
    tests({
      get aws() {
        return aws;
      },
      launch: async (facts) => {
        const box = await BoxInAws.launch(aws, facts);
        boxes.push(box);
        return box;
      },
    });
  });
}
