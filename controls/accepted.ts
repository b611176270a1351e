import { type ControlId, readControlId } from "./ids";
import { acceptedHere } from "./ours";
import { NotKnown, type Part } from "./part";
import type { Rule } from "./rule";
import type { World } from "./world";

/** A control that the team accepts. */
export interface Acceptance {
  /** As a scanner prints it; with what was found, it accepts that alone: `AwsSolutions-IAM5[Resource::*]`. */
  readonly id: string;
  readonly reason: string;
  /** The stack that it is about; absent: all of them. */
  readonly stack?: string;
}

/** Why a part may fail, and who says so. */
export interface AcceptedBy {
  readonly reason: string;
  readonly by: readonly Acceptance[] | "this project";
}

/** What a team accepts. It notes which lines accept something. */
export class Acceptances {
  readonly #lines: readonly (ControlId & { readonly line: Acceptance })[];
  readonly #used = new Set<Acceptance>();

  constructor(private readonly given: readonly Acceptance[]) {
    this.#lines = given.map((line) => ({ ...readControlId(line.id), line }));
  }

  /** Those that accept nothing. */
  get unused(): readonly Acceptance[] {
    return this.given.filter((each) => !this.#used.has(each));
  }

  /**
   * Why a part that fails a rule is accepted; `undefined` where it is not. What the team says comes before what this project
   * says. Lines that name findings accept a part where they name all of them together.
   */
  of(rule: Rule, part: Part, world: World): AcceptedBy | undefined {
    const about = this.#lines.filter(
      ({ id, line: { stack } }) => rule.ids.includes(id) && (stack === undefined || stack === part.stack),
    );
    const whole = about.find(({ finding }) => finding === undefined);
    const found = rule.findings?.(part, world) ?? [];
    const each = found.map((one) => about.find(({ finding }) => finding === one));
    const lines = [...new Set((whole === undefined ? each : [whole]).flatMap((one) => one?.line ?? []))];
    for (const line of lines) {
      this.#used.add(line);
    }
    if (whole !== undefined || (found.length > 0 && !each.includes(undefined))) {
      return { reason: [...new Set(lines.map(({ reason }) => reason))].join("; "), by: lines };
    }
    const reason = reasonHere(rule, part, world);
    return reason === undefined ? undefined : { reason, by: "this project" };
  }
}

function reasonHere(rule: Rule, part: Part, world: World): string | undefined {
  try {
    return acceptedHere(rule.ids, part, world);
  } catch (error) {
    if (error instanceof NotKnown) {
      return undefined;
    }
    throw error;
  }
}
