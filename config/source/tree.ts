import {
  type Alias,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { ErrorCode, Path } from "../diagnostics/diagnostic";
import { quote } from "../diagnostics/text";

/** Limit of the nesting, with aliases followed. */
export const DEEPEST = 100;

/** Limit of the values in one document. Those of an alias count at each use. */
export const MOST_VALUES = 100_000;

/** The message about a tag. */
export const NO_TAGS = "YAML tags (!…) are not supported; write the plain value";

/** A value of the document, with the offsets in the text at which it and its key begin. */
export interface Tree {
  readonly kind: "mapping" | "list" | "scalar";
  /** Value of a scalar. */
  readonly content?: unknown;
  /** A scalar that is no text, such as a number, in the letters of the file. */
  readonly text?: string;
  /** Where the value begins; where its key begins when no value is written. */
  readonly offset: number;
  /** Where its key begins; absent for the root and for the items of a list. */
  readonly keyOffset?: number;
  /** By key, or by index in decimal. */
  readonly children: ReadonlyMap<string, Tree>;
  /** Number of values in it, itself included. */
  readonly size: number;
  /** Levels of nesting in it; 1 for a scalar. */
  readonly height: number;
}

/** An error that is not one of syntax: YAML allows it and this project does not, or the parser does not detect it. */
export interface Fault {
  readonly code: ErrorCode;
  readonly path: Path;
  readonly offset: number;
  readonly message: string;
}

interface Walk {
  readonly lineAt: (offset: number) => number;
  readonly anchors: Map<string, { tree?: Tree }>;
  readonly faults: Fault[];
  /** Whether a limit was exceeded. Everything that contains that value exceeds it too. */
  limitPassed: boolean;
}

/**
 * Keys that every plain object inherits, as far as a name in lower case can be one of them. (`prototype` is not
 * inherited.)
 */
const INHERITED_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor"]);

/**
 * The document as a tree in which aliases and merge keys (`<<`) are followed, and the faults in it. If there are faults,
 * only the places in the tree are valid.
 *
 * @param lineAt line of an offset, from 1
 */
export function buildTree(
  root: Node | null,
  lineAt: (offset: number) => number,
): { readonly tree: Tree; readonly faults: readonly Fault[] } {
  const walk: Walk = { lineAt, anchors: new Map(), faults: [], limitPassed: false };
  return { tree: build(walk, root, []), faults: walk.faults };
}

/** The value, with a new object for each use of an alias, so that a change to one use does not change the others. */
export function plainValue({ kind, content, children }: Tree): unknown {
  switch (kind) {
    case "mapping":
      return Object.fromEntries([...children].map(([key, child]) => [key, plainValue(child)]));
    case "list":
      return [...children.values()].map(plainValue);
    case "scalar":
      return content;
  }
}

function build(walk: Walk, node: Node | null, path: Path, keyOffset?: number): Tree {
  const written = writtenAt(node, keyOffset);
  if (path.length >= DEEPEST && isCollection(node)) {
    return overLimit(
      walk,
      written,
      "nested-too-deep",
      `nests more than ${DEEPEST} levels deep; write it flatter`,
    );
  }
  if (isAlias(node)) {
    return follow(walk, node, path, written);
  }
  const anchor: { tree?: Tree } = {};
  if (node?.anchor !== undefined) {
    walk.anchors.set(node.anchor, anchor);
  }
  if (node?.tag !== undefined) {
    fault(walk, "yaml-tag", path, written.offset, NO_TAGS);
  }
  const tree = isMap(node)
    ? mapping(walk, node as ParsedMap, path, written)
    : isSeq(node)
      ? list(walk, node as ParsedList, path, written)
      : { ...written, ...scalar(isScalar(node) ? node : undefined) };
  anchor.tree = tree;
  return tree;
}

type ParsedMap = YAMLMap<ParsedNode, ParsedNode | null>;
type ParsedList = YAMLSeq<ParsedNode | null>;
type Written = Pick<Tree, "offset" | "keyOffset">;
type Content = Omit<Tree, "offset" | "keyOffset">;

function writtenAt(node: Node | null, keyOffset: number | undefined): Written {
  const [start, end] = node?.range ?? [0, 0];
  const empty = start === end;
  return { offset: empty && keyOffset !== undefined ? keyOffset : start, keyOffset };
}

function scalar(node: Scalar | undefined): Content {
  const content = node?.value ?? null;
  const text = typeof content === "string" ? undefined : node?.source;
  return { kind: "scalar", content, text, children: new Map(), size: 1, height: 1 };
}

function follow(walk: Walk, alias: Alias, path: Path, written: Written): Tree {
  const anchor = walk.anchors.get(alias.source);
  const name = quote(`*${alias.source}`);
  if (anchor === undefined) {
    const message = `${name} is an alias, and no "&${alias.source}" stands above it; put the value in quotes if the * belongs to it`;
    return refused(walk, path, written, message);
  }
  if (anchor.tree === undefined) {
    return refused(walk, path, written, `${name} stands within what it refers to; write the value out`);
  }
  if (path.length + anchor.tree.height > DEEPEST) {
    return overLimit(
      walk,
      written,
      "nested-too-deep",
      `nests more than ${DEEPEST} levels deep; write it flatter`,
    );
  }
  return { ...anchor.tree, ...written };
}

function list(walk: Walk, node: ParsedList, path: Path, written: Written): Tree {
  const items = node.items.map((item, index) => build(walk, item, [...path, index]));
  const children = new Map(items.map((item, index) => [String(index), item]));
  return collection(walk, "list", children, written);
}

function mapping(walk: Walk, node: ParsedMap, path: Path, written: Written): Tree {
  const children = new Map<string, Tree>();
  const merged: Tree[] = [];
  const keys = new Map<string, number>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const keyOffset = key.range[0];
    const pathOfKey = [...path, name];
    build(walk, key, pathOfKey, keyOffset);
    checkKey(walk, pathOfKey, keyOffset, keys.get(name));
    keys.set(name, keyOffset);
    const faultsBefore = walk.faults.length;
    const child = build(walk, value, pathOfKey, keyOffset);
    if (!isMergeKey(key)) {
      children.set(name, child);
    } else if (walk.faults.length === faultsBefore && !walk.limitPassed) {
      merged.push(...mergeSources(walk, child, pathOfKey));
    }
  }
  for (const source of new Set(merged.map((tree) => tree.children))) {
    for (const [name, child] of source) {
      if (!children.has(name)) {
        children.set(name, child);
      }
    }
  }
  return collection(walk, "mapping", children, written);
}

function checkKey(walk: Walk, path: Path, offset: number, earlier: number | undefined): void {
  const name = String(path.at(-1));
  if (earlier !== undefined) {
    const message = `${quote(name)} is written twice, first on line ${walk.lineAt(earlier)}; remove one`;
    fault(walk, "duplicate-key", path, offset, message);
  }
  if (INHERITED_KEYS.has(name)) {
    fault(walk, "key-refused", path, offset, `${quote(name)} cannot be a key; choose another name`);
  }
}

function isMergeKey(key: Node): boolean {
  return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}

function mergeSources(walk: Walk, tree: Tree, path: Path): Tree[] {
  const sources = tree.kind === "list" ? [...tree.children.values()] : [tree];
  const mappings = sources.filter(({ kind }) => kind === "mapping");
  if (mappings.length < sources.length) {
    fault(
      walk,
      "merge-refused",
      path,
      tree.offset,
      "<< merges mappings only; write <<: *name or <<: [*name, *other]",
    );
  }
  return mappings;
}

function collection(
  walk: Walk,
  kind: "mapping" | "list",
  children: ReadonlyMap<string, Tree>,
  written: Written,
): Tree {
  let size = 1;
  let height = 1;
  for (const child of children.values()) {
    size += child.size;
    height = Math.max(height, child.height + 1);
  }
  if (size > MOST_VALUES) {
    return overLimit(
      walk,
      written,
      "too-many-values",
      "comes to more than 100,000 values, aliases followed; use fewer aliases",
    );
  }
  return { ...written, kind, children, size, height };
}

function refused(walk: Walk, path: Path, written: Written, message: string): Tree {
  fault(walk, "alias-refused", path, written.offset, message);
  return { ...written, ...scalar(undefined) };
}

function overLimit(walk: Walk, written: Written, code: ErrorCode, message: string): Tree {
  if (!walk.limitPassed) {
    walk.limitPassed = true;
    fault(walk, code, [], written.offset, message);
  }
  return { ...written, ...scalar(undefined) };
}

function fault(walk: Walk, code: ErrorCode, path: Path, offset: number, message: string): void {
  walk.faults.push({ code, path, offset, message });
}
