/** A model as an address of the Hugging Face hub names it. */
export interface HubAddress {
  /** With what stands behind a colon, as llama.cpp and vLLM take the name of a quantization. */
  readonly id: string;
  /** Branch, tag or commit; undefined: the address names none, or main, which is the default. */
  readonly revision?: string;
}

/**
 * A page of a model, with or without its scheme, or an address as fsspec and NIM write it. A slash in a revision is written
 * %2F. Sources: huggingface_hub docs, HfFileSystem; hf.co is the hub's short name.
 */
const ADDRESS =
  /^(?:(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)|hf:\/)\/(?:models\/)?(?!(?:api|buckets|datasets|spaces)\/)([\w.-]+\/[\w.-]+(?::[\w.-]+)?)(?:@([\w.%-]+)|\/(?:tree|blob|resolve)\/([\w.%-]+))?/i;

/** An id on the Hugging Face hub, and the file of a quantization in it, as vLLM takes it. Source: huggingface_hub, validate_repo_id. */
const HUB_ID =
  /^(?!.*(?:--|\.\.)|(?:www\.)?(?:huggingface\.co|hf\.co)\/)\w([\w.-]{0,94}\w)?(\/\w([\w.-]{0,94}\w)?(:[\w.-]+)?)?$/i;

/** Whether the hub may have a model of that id. */
export function isHubId(text: string): boolean {
  return HUB_ID.test(text);
}

/** The model at an address of the hub: `hf://Qwen/Qwen3-8B@v1`, `https://huggingface.co/Qwen/Qwen3-8B/tree/v1`. */
export function hubAddress(text: string): HubAddress | undefined {
  const [, id, at, of] = ADDRESS.exec(text) ?? [];
  const revision = (at ?? of)?.replaceAll(/%2F/gi, "/");
  return id === undefined ? undefined : { id, revision: revision === "main" ? undefined : revision };
}
