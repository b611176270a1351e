import type { HookCall } from "../../local/instances/hooks";
import { Instance, type Surroundings, type Unusual } from "../../local/instances/instance";
import type { Template } from "../../local/instances/template";

/** An instance of a story, which says which hooks wait for it, and looks at how it answers them. */
export class StoryInstance extends Instance {
  readonly #waiting: Set<string>;
  readonly #accepted: readonly HookCall[];
  /** What it called of AWS although its role does not allow it. */
  readonly denied: readonly string[];

  /** Launches an instance for which the launch hook waits. */
  constructor(around: Surroundings, template: Template, unusual?: Unusual) {
    const waiting = new Set([template.launchHook]);
    const [accepted, denied]: [HookCall[], string[]] = [[], []];
    const hook = (call: HookCall) => {
      const waits = call.group === template.group && call.instance === this.id && waiting.has(call.hook);
      if (waits) {
        accepted.push(call);
      }
      if (waits && call.action === "CompleteLifecycleAction") {
        waiting.delete(call.hook);
      }
      return waits;
    };
    const told = { scaling: { hook, answer: () => undefined }, denied: (call: string) => denied.push(call) };
    super(around, template, told, unusual);
    [this.#waiting, this.#accepted, this.denied] = [waiting, accepted, denied];
  }

  hookWaits(hook: string): void {
    this.#waiting.add(hook);
  }

  /** Waits until a hook that waited has been answered so many times. @returns the answers */
  async answers(hook: string, count = 1): Promise<readonly string[]> {
    const given = () =>
      this.#accepted.flatMap((call) => (call.hook === hook && call.result ? [call.result] : []));
    await this.until(`${hook} is answered`, () => given().length >= count);
    return given();
  }

  url(path: string): string {
    return `http://${this.address}:8000${path}`;
  }
}
