import { Graphviz } from "@hpcc-js/wasm-graphviz";
import type { Layout } from "../review/picture/svg";

/** Loads Graphviz, as WebAssembly. */
export async function loadLayout(): Promise<Layout> {
  const graphviz = await Graphviz.load();
  return (dot) => graphviz.dot(dot, "svg");
}
