import type { InstanceFacts } from "../../../boot/user-data";
import { FakeInstance } from "../instance";
import { type Loopback, listenOnLoopback } from "../model-and-metadata";

/** Instances of a group, which lifecycle.sh answers for, for the tests of a file. */
export interface HookedInstances {
  /** Their metadata service and model server, anew for each test. The group wants them in service. */
  readonly loopback: Loopback;
  /** How often lifecycle.sh has read the metadata service in this test: once at every turn, and once for every answer. */
  turns(): number;
  /** An instance whose server is running, beside the loopback server. Its pauses are shortened. @param facts its unusual facts */
  instanceWith(facts?: Partial<InstanceFacts>): FakeInstance;
  /** Runs lifecycle.sh on an instance. @returns its log @throws Error after a minute */
  follow(instance: FakeInstance, until: () => boolean): Promise<string>;
}

export function hookedInstances(): HookedInstances {
  const instances: FakeInstance[] = [];
  let loopback: Loopback;
  beforeEach(async () => {
    loopback = await listenOnLoopback("InService");
  });
  afterEach(() => loopback.close());
  afterAll(() => {
    for (const instance of instances) {
      instance.remove();
    }
  });
  return {
    get loopback() {
      return loopback;
    },
    // A token, and then the value.
    turns: () => Math.floor(loopback.metadata.requestCount() / 2),
    instanceWith: (facts = {}) => {
      const instance = new FakeInstance({
        health: { protocol: "http", port: loopback.port, path: "/health" },
        ...facts,
      });
      instances.push(instance.shortenPauses());
      return instance.fake("aws").fake("docker").fake("systemctl", "[[ $1 != is-failed ]]");
    },
    follow: (instance, until) =>
      instance.runUntil(until, "lifecycle.sh", {
        METADATA_ENDPOINT: `http://127.0.0.1:${loopback.port}`,
        HEARTBEAT_SECONDS: "1",
      }),
  };
}

/** The instance's answers to hooks: hook and result. */
export const answers = (instance: FakeInstance) =>
  instance
    .calls("aws")
    .filter(([, , call]) => call === "complete-lifecycle-action")
    .map((call) => [optionOf(call, "--lifecycle-hook-name"), optionOf(call, "--lifecycle-action-result")]);

const optionOf = (call: readonly string[], option: string) => call[call.indexOf(option) + 1];

export const LET_IN = ["model-ready", "CONTINUE"];
export const GIVEN_UP = ["model-ready", "ABANDON"];
export const LET_GO = ["server-stopped", "CONTINUE"];
