import type { ResourceChange } from "./deployment";
import type { RegionSides } from "./sides";
import { servedBy } from "./sides";

/** A model, or a variant of it, that resources belong to. */
export interface Subject {
  /** `llama-3-8b stable`, `llama-3-8b`; `undefined` for what belongs to no model. */
  readonly label: string | undefined;
  readonly model?: string;
  readonly variant?: string;
}

/** What a resource belongs to, by its address. Names of models and variants are those in the tags of the groups. */
export type SubjectOf = (change: Pick<ResourceChange, "name">) => Subject;

/** Reads the models of a region, so that their names are recognized in addresses. */
export function subjectsOf({ before, after }: RegionSides): SubjectOf {
  const groups = [...(after?.groups ?? []), ...(before?.groups ?? [])];
  const variants = groups.flatMap((group) => {
    const { model, variant } = group.instance.tags;
    return model === undefined || variant === undefined ? [] : [{ model, variant, label: servedBy(group) }];
  });
  const byLength = [...variants].sort((a, b) => b.model.length - a.model.length);
  return ({ name }) => {
    const own = byLength.find(
      ({ model, variant }) =>
        name.startsWith(`model_${model}_${variant}_`) ||
        new RegExp(`(^|[_-])${escaped(model)}--${escaped(variant)}($|[_-])`).test(name),
    );
    if (own !== undefined) {
      return own;
    }
    const model = byLength.find(
      (each) =>
        name.startsWith(`model_${each.model}_`) ||
        new RegExp(`_${escaped(each.model)}(-[0-9a-f]{8}(-\\d+)?)?$`).test(name),
    )?.model;
    return { label: model, ...(model === undefined ? {} : { model }) };
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
