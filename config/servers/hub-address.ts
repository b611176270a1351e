/** A model as an address of the Hugging Face hub names it. */
export interface HubAddress {
  readonly id: string;
  /** Branch, tag or commit; undefined: the address names none, or main, which is the default. */
  readonly revision?: string;
}

/** A page of a model, or an address as fsspec and NIM write it. Sources: huggingface_hub docs, HfFileSystem; hf.co is the hub's short name. */
const ADDRESS =
  /^(?:https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)|hf:\/)\/(?:models\/)?(?!(?:api|buckets|datasets|spaces)\/)([\w.-]+\/[\w.-]+)(?:@([\w.-]+)|\/(?:tree|blob|resolve)\/([\w.-]+))?/;

/** The model at an address of the hub: `hf://Qwen/Qwen3-8B@v1`, `https://huggingface.co/Qwen/Qwen3-8B/tree/v1`. */
export function hubAddress(text: string): HubAddress | undefined {
  const [, id, at, of] = ADDRESS.exec(text) ?? [];
  const revision = at ?? of;
  return id === undefined ? undefined : { id, revision: revision === "main" ? undefined : revision };
}
