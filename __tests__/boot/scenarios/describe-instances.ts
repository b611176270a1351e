import type { InstanceFacts } from "../../../boot/user-data";
import { canEmulateAws } from "../tools";
import { type Aws, startAws } from "./aws";
import { InstanceInAws } from "./instance-in-aws";

/** AWS, and instances in it, for the tests of a file. */
export interface World {
  readonly aws: Aws;
  /** @param facts the unusual facts of the instance, which is removed when the test has ended */
  launch(facts?: Partial<InstanceFacts>): Promise<InstanceInAws>;
}

/** Describes instances in AWS. The tests are independent, and share one emulator. */
export function describeInstances(what: string, tests: (world: World) => void): void {
  const describeIfPossible = canEmulateAws() ? describe : describe.skip;
  describeIfPossible(`${what} (skipped without moto_server and an AWS CLI of 1.29, 2.13 or later)`, () => {
    let aws: Aws;
    const instances: InstanceInAws[] = [];
    beforeAll(async () => {
      aws = await startAws();
    });
    afterEach(async () => {
      for (const instance of instances.splice(0)) {
        await instance.terminate();
      }
      aws.forget();
    });
    afterAll(() => aws.stop());
    tests({
      get aws() {
        return aws;
      },
      launch: async (facts) => {
        const instance = await InstanceInAws.launch(aws, facts);
        instances.push(instance);
        return instance;
      },
    });
  });
}
