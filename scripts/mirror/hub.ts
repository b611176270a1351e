import { HubApiError, listFiles, modelInfo } from "@huggingface/hub";
import { type Patience, patiently } from "./patience";
import { isPlainPath, type Source, type SourceFile } from "./source";

/** The hub, and who asks. */
export interface Hub extends Patience {
  /** Without a slash at its end: `https://huggingface.co`. */
  readonly endpoint: string;
  /** A token of a user; undefined: anybody. */
  readonly token: string | undefined;
}

/**
 * The hub that the environment names: HF_ENDPOINT, and the token in HF_TOKEN, or in the variable that it had before.
 *
 * @throws Error when HF_ENDPOINT is no address
 */
export function hubOf(env: NodeJS.ProcessEnv, patience: Patience): Hub {
  const { HF_ENDPOINT, HF_TOKEN, HUGGING_FACE_HUB_TOKEN } = env;
  const endpoint = (HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "");
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    throw new Error(`HF_ENDPOINT "${HF_ENDPOINT}" is no address; write it as https://huggingface.co`);
  }
  const token = (HF_TOKEN || HUGGING_FACE_HUB_TOKEN)?.trim();
  return { endpoint, token: token === "" ? undefined : token, ...patience };
}

/** The most redirects of one file: to its new name, and to the network that has it. */
const REDIRECTS = 5;

/**
 * A commit of a model on the Hugging Face hub. Its files are those of the commit, even when the branch moves meanwhile.
 *
 * @param revision branch, tag or commit
 * @throws Error that says what to do, when there is no such model or revision, or it is not open to the token
 */
export async function openHub(hub: Hub, id: string, revision: string): Promise<Source> {
  const asked = { hubUrl: hub.endpoint, fetch: patientFetch(hub) };
  const files: SourceFile[] = [];
  let commit: string;
  try {
    ({ sha: commit } = await modelInfo({ ...asked, name: id, revision, additionalFields: ["sha"] }));
    const entries = listFiles({
      ...asked,
      repo: { type: "model", name: id },
      revision: commit,
      recursive: true,
    });
    for await (const { type, path, size, oid, lfs } of entries) {
      if (type !== "file") {
        continue;
      }
      if (!isPlainPath(path)) {
        throw new Error(`${id} has a file with the name ${JSON.stringify(path)}, which cannot be checked`);
      }
      files.push({ path, size, known: lfs === undefined ? { gitBlob: oid } : { sha256: lfs.oid } });
    }
  } catch (error) {
    throw error instanceof HubApiError ? refusal(hub, id, revision, error.statusCode) : error;
  }
  return {
    name: `${id} at ${commit}`,
    revision: commit,
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    read: reader(hub, id, commit),
  };
}

/** It shows the token itself, to the hub alone: tokens of other hubs than Hugging Face's have forms of their own. */
function patientFetch(hub: Hub): typeof fetch {
  const { endpoint, token } = hub;
  const { origin } = new URL(endpoint);
  return (url, options) => {
    const send = () => {
      const request = new Request(url, options);
      if (token !== undefined && new URL(request.url).origin === origin) {
        request.headers.set("authorization", `Bearer ${token}`);
      }
      return fetch(request);
    };
    return patiently(send, async (response) => response, hub);
  };
}

function refusal({ endpoint, token }: Hub, id: string, revision: string, status: number): Error {
  const page = `${endpoint}/${id}`;
  switch (status) {
    case 401:
      return new Error(
        token === undefined
          ? `${page} is not there, or it is gated or private: set HF_TOKEN to a token of an account that may read it`
          : `${page} is not there, or the account of HF_TOKEN may not read it: ask for access on that page`,
      );
    case 403:
      return new Error(
        token === undefined
          ? `${page} is gated: ask for access on that page, and set HF_TOKEN to a token of that account`
          : `${page} is gated, and the account of HF_TOKEN has no access: ask for it on that page, and let the token read gated repositories`,
      );
    case 404:
      return new Error(`${page} is not there, or has no revision ${revision}`);
    default:
      return new Error(`${page} answers ${status}; try again later, what is copied stays`);
  }
}

/** Reads ranges of files. The address to which the hub sends a large file is asked for once, and again when it has expired. */
function reader(hub: Hub, id: string, commit: string): Source["read"] {
  const places = new Map<string, URL>();

  async function send(file: SourceFile, range: string): Promise<Response> {
    const known = places.get(file.path);
    if (known !== undefined) {
      const response = await fetch(known, { headers: headersOf(range) });
      if (response.ok || response.status === 429 || response.status >= 500) {
        return response;
      }
      await response.body?.cancel();
      places.delete(file.path);
    }
    return ask(file, range);
  }

  async function ask(file: SourceFile, range: string): Promise<Response> {
    const path = file.path.split("/").map(encodeURIComponent).join("/");
    let url = new URL(`${hub.endpoint}/${id}/resolve/${commit}/${path}`);
    const { origin } = url;
    for (let hop = 0; hop < REDIRECTS; hop += 1) {
      // Only the hub itself is shown the token.
      const headers = headersOf(range, url.origin === origin ? hub.token : undefined);
      const response = await fetch(url, { headers, redirect: "manual" });
      const isMoved = response.status >= 300 && response.status < 400;
      if (url.origin === origin && (isMoved || response.ok)) {
        requireSame(file, commit, response.headers);
      }
      const location = response.headers.get("location");
      if (!isMoved || location === null) {
        return response;
      }
      await response.body?.cancel();
      url = new URL(location, url);
      if (url.origin !== origin) {
        places.set(file.path, url);
      }
    }
    throw new Error(`the hub sends ${file.path} from one address to the next`);
  }

  function unreadable({ path }: SourceFile, { ok, status, url }: Response): Error {
    const { host, origin } = new URL(url);
    if (ok) {
      return new Error(`${path} cannot be read in parts: ${host} sends all of it`);
    }
    return origin === new URL(hub.endpoint).origin
      ? refusal(hub, id, commit, status)
      : new Error(`${host}, to which the hub sends for ${path}, answers ${status}; try again later`);
  }

  return (file, start, end) =>
    start === end
      ? Promise.resolve(new Uint8Array())
      : patiently(
          () => send(file, `bytes=${start}-${end - 1}`),
          async (response) => {
            const isWhole = response.status === 200 && start === 0 && end === file.size;
            if (response.status !== 206 && !isWhole) {
              await response.body?.cancel();
              throw unreadable(file, response);
            }
            const bytes = new Uint8Array(await response.arrayBuffer());
            if (bytes.length !== end - start) {
              throw new TypeError(`${file.path} was cut off: ${bytes.length} of ${end - start} bytes`);
            }
            return bytes;
          },
          hub,
        );
}

function headersOf(range: string, token?: string): Readonly<Record<string, string>> {
  return { range, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
}

/** What the hub itself says of the file that it sends, where it says it. */
function requireSame({ path, size, known }: SourceFile, commit: string, headers: Headers): void {
  const said = [
    [headers.get("x-repo-commit"), commit],
    [headers.get("x-linked-size"), String(size)],
    [headers.get("x-linked-etag")?.replace(/^(W\/)?"|"$/g, ""), known.sha256 ?? known.gitBlob],
  ];
  const other = said.find(([got, wanted]) => got != null && got !== wanted);
  if (other !== undefined) {
    throw new Error(`the hub sends another ${path} than it has listed: ${other[0]} instead of ${other[1]}`);
  }
}
