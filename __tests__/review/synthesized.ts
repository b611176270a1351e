import { fromSynthesized } from "../../review/read-synthesized";
import { type Review, review } from "../../review/review";
import { loadYaml, valid, type WrittenFile, yamlOf } from "../support/serving-file";
import { synthesized } from "../support/synthesis";

/** The review of a change of serving.yaml. */
export function reviewOfFiles(before: WrittenFile, after: WrittenFile): Review {
  const [old, now] = [before, after].map((file) => ({ ...synthesized(valid(file).deployment) }));
  const loaded = loadYaml(yamlOf(after));
  return review(fromSynthesized(old ?? {}, now ?? {}), {
    files: { before, after: { ...loaded.source, value: after } },
  });
}

/** `kind: what it says`, then the fields that it comes from. */
export function causesIn({ consequences, causes }: Review): readonly string[] {
  return consequences.flatMap((each) =>
    (causes.get(each) ?? []).map(
      ({ field, line }) => `${each.kind} ${each.subject.label ?? each.stack}: ${field}, line ${line}`,
    ),
  );
}
