import { isDeepStrictEqual } from "node:util";
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  type Pair,
  parseDocument,
  stringify,
} from "yaml";

/** A place in a YAML file, and its new value; `undefined` removes it. */
export interface Edit {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** The text with the edits. What they do not touch stays as it is written, as far as YAML allows. */
export function editYaml(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, edit) => {
    const wanted = withEdit(before, edit);
    const spliced = splice(before, edit);
    const same = spliced !== undefined && isDeepStrictEqual(parseDocument(spliced).toJS(), wanted.toJS());
    return same ? spliced : wanted.toString({ lineWidth: 0 });
  }, text);
}

function withEdit(text: string, { path, value }: Edit): Document {
  const document = parseDocument(text);
  if (value === undefined) {
    document.deleteIn(path);
  } else {
    document.setIn(path, value);
  }
  return document;
}

/** The text with the edit in place of what stands there; undefined where that is not so simple. */
function splice(text: string, { path, value }: Edit): string | undefined {
  const document = parseDocument(text);
  const key = path.at(-1);
  const holder = document.getIn(path.slice(0, -1), true);
  if (!isMap(holder)) {
    return undefined;
  }
  const pair = holder.items.find((item) => isNode(item.key) && String(item.key) === String(key));
  if (pair === undefined) {
    return value === undefined
      ? text
      : addTo(text, holder.items, holder.flow === true, `${key}: ${flow(value)}`);
  }
  const node = pair.value;
  if (!isNode(node) || !node.range) {
    return undefined;
  }
  if (value === undefined) {
    return withoutLines(text, isNode(pair.key) ? pair.key.range?.[0] : undefined, node.range[1]);
  }
  if (isCollection(node) && node.flow !== true) {
    return undefined;
  }
  return text.slice(0, node.range[0]) + flow(value) + text.slice(node.range[1]);
}

/** The text without the lines from one place to another; undefined where something stands before the first. */
function withoutLines(text: string, from: number | undefined, to: number): string | undefined {
  const start = from === undefined ? -1 : text.lastIndexOf("\n", from - 1) + 1;
  if (from === undefined || text.slice(start, from).trim() !== "") {
    return undefined;
  }
  const end = text.indexOf("\n", to - 1);
  return text.slice(0, start) + (end === -1 ? "" : text.slice(end + 1));
}

function addTo(text: string, items: readonly Pair[], inBraces: boolean, entry: string): string | undefined {
  const first = items[0];
  const at = isPair(first) && isNode(first.key) ? first.key.range?.[0] : undefined;
  if (at === undefined) {
    return undefined;
  }
  const indent = " ".repeat(at - (text.lastIndexOf("\n", at - 1) + 1));
  return text.slice(0, at) + entry + (inBraces ? ", " : `\n${indent}`) + text.slice(at);
}

/** A value on one line. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 }).trimEnd();
}
