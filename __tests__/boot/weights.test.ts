import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FakeInstance } from "./instance";

const instances: FakeInstance[] = [];
afterAll(() => {
  for (const instance of instances) {
    instance.remove();
  }
});

const URI = "s3://acme/llama/";
const MIRROR = "s3://acme-eu/llama/";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

type Files = Readonly<Record<string, string>>;
const WEIGHTS: Files = { "config.json": "{}", "shards/model 1.safetensors": "one", "shards/2": "two" };

/** The output of sha256sum for these files. */
const manifestOf = (files: Files) =>
  Object.entries(files)
    .map(([name, text]) => `${sha256(text)}  ${name}\n`)
    .join("");
const withManifest = (files: Files): Files => ({ ...files, SHA256SUMS: manifestOf(files) });

interface Given {
  readonly mirrors?: readonly string[];
  readonly sha256?: string;
  /** The files of each URI; any other URI fails. */
  readonly s3: Readonly<Record<string, Files>>;
}

/**
 * An instance with a fake `aws s3 sync`, which copies missing files. It corrupts the files whose names are in `corrupts`,
 * one on a line; each copy removes the names it has used.
 */
function instanceWith({ s3, ...weights }: Given): FakeInstance {
  const instance = new FakeInstance((folder) => ({
    dataDirectory: folder,
    weights: { uri: URI, ...weights },
  }));
  instances.push(instance);
  instance.real("mkdir", "cp", "rm", "find", "xargs", "sha256sum", "nproc");
  for (const [uri, files] of Object.entries(s3)) {
    put(instance, uri, files);
  }
  instance.file("corrupts", "");
  return instance.fake("df", "echo ' Avail'; echo '    12'").fake(
    "aws",
    `from='${instance.path("s3")}/'"\${3//[:\\/]/_}"
      if [[ ! -d "$from" ]]; then echo "fatal error: AccessDenied" >&2; exit 1; fi
      cp --recursive --no-clobber "$from/." .
      while IFS= read -r name; do
        if [[ -e "$name" ]]; then echo corrupt >"$name"; fi
      done <'${instance.path("corrupts")}'
      if [[ -e '${instance.path("once")}' ]]; then : >'${instance.path("corrupts")}'; fi`,
  );
}

function put(instance: FakeInstance, uri: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    instance.file(join("s3", uri.replace(/[:/]/g, "_"), name), text);
  }
}

function filesOn(instance: FakeInstance): Files {
  const folder = instance.path("models");
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
    }),
  );
}

const weightsOn = (instance: FakeInstance) => {
  const { ".verified": _, ...files } = filesOn(instance);
  return files;
};
const copies = (instance: FakeInstance) => instance.calls("aws").map((call) => call[3]);
const copy = (instance: FakeInstance) => instance.run("weights.sh");

describe("weights without checksums", () => {
  const instance = instanceWith({ s3: { [URI]: WEIGHTS } });
  const { status, stderr } = copy(instance);

  it("are copied to the folder of the server", () => {
    expect(status).toBe(0);
    expect(filesOn(instance)).toEqual(WEIGHTS);
    expect(stderr).toMatch(/^weights: s3:\/\/acme\/llama\/ is here after \d+ s\n$/);
  });

  it("are copied by the AWS CLI, which deletes half copied files", () => {
    expect(instance.calls("aws").map((call) => call.join(" "))).toEqual([
      "aws s3 sync s3://acme/llama/ . --region eu-west-1 --delete --exclude .verified --only-show-errors",
    ]);
  });

  it("are copied in many parts at once, with many retries", () => {
    const seen = instanceWith({ s3: { [URI]: WEIGHTS } });
    seen.fake(
      "aws",
      `echo "$AWS_RETRY_MODE $AWS_MAX_ATTEMPTS" >'${seen.path("patience")}'; cat "$AWS_CONFIG_FILE" >'${seen.path("config")}'; : >a`,
    );
    expect(copy(seen)).toMatchObject({ status: 0 });
    expect(seen.read("patience")).toBe("adaptive 10\n");
    expect(seen.read("config")).toMatch(/^\[default\]\ns3 =\n {2}max_concurrent_requests = 64$/m);
  });
});

describe("weights with checksums", () => {
  const sums = withManifest(WEIGHTS);

  it("are checked, all of them", () => {
    const instance = instanceWith({ s3: { [URI]: sums } });
    expect(copy(instance)).toMatchObject({ status: 0 });
    expect(weightsOn(instance)).toEqual(sums);
  });

  it("that are wrong are copied again, and no others", () => {
    const instance = instanceWith({ s3: { [URI]: sums } });
    instance.file("corrupts", "shards/model 1.safetensors\n");
    instance.file("once", "");
    const { status, stderr } = copy(instance);
    expect(status).toBe(0);
    expect(stderr).toContain(
      "weights: s3://acme/llama/: 1 files do not match its SHA256SUMS, the first is shards/model 1.safetensors\n",
    );
    expect(weightsOn(instance)).toEqual(sums);
    expect(copies(instance)).toEqual([URI, URI]);
  });

  it("that stay wrong are copied from the next mirror", () => {
    const instance = instanceWith({
      mirrors: [MIRROR],
      s3: { [URI]: { ...sums, "config.json": "tampered with" }, [MIRROR]: sums },
    });
    expect(copy(instance)).toMatchObject({ status: 0 });
    expect(weightsOn(instance)).toEqual(sums);
    expect(copies(instance)).toEqual([URI, URI, MIRROR]);
  });

  it("that are wrong everywhere prevent the start of the server", () => {
    const instance = instanceWith({ mirrors: [MIRROR], s3: { [URI]: sums, [MIRROR]: sums } });
    instance.file("corrupts", "config.json\nshards/2\n");
    const { status, stderr } = copy(instance);
    expect(status).toBe(1);
    expect(stderr).toContain("s3://acme-eu/llama/: 2 files do not match its SHA256SUMS");
    expect(stderr).toMatch(/weights: models could not be copied from any source\n$/);
    expect(copies(instance)).toEqual([URI, URI, MIRROR, MIRROR]);
    expect(existsSync(instance.path("models/config.json"))).toBe(false);
  });

  it("are used as they are when they were copied before, and S3 is not available", () => {
    const instance = instanceWith({ s3: { [URI]: withManifest(WEIGHTS) } });
    expect(copy(instance).status).toBe(0);
    rmSync(instance.path("s3"), { recursive: true });
    const { status, stderr } = copy(instance);
    expect(status).toBe(0);
    expect(stderr).toContain("AccessDenied");
    expect(stderr).toMatch(/weights: the files on the instance match their SHA256SUMS, and are used\n$/);
    expect(existsSync(instance.path("models/.verified"))).toBe(true);
  });

  it("are not used when S3 is not available and one of them has changed, or has no checksum", () => {
    const changed = instanceWith({ s3: { [URI]: withManifest(WEIGHTS) } });
    expect(copy(changed).status).toBe(0);
    changed.file("models/config.json", "{ }");
    const unknown = instanceWith({ s3: { [URI]: WEIGHTS } });
    expect(copy(unknown).status).toBe(0);
    for (const instance of [changed, unknown]) {
      rmSync(instance.path("s3"), { recursive: true });
      expect(copy(instance).stderr).toMatch(/weights: models could not be copied from any source\n$/);
    }
  });

  it("that are missing prevent the start of the server", () => {
    const { "shards/2": _, ...missing } = sums;
    const instance = instanceWith({ s3: { [URI]: missing } });
    const { status, stderr } = copy(instance);
    expect(status).toBe(1);
    expect(stderr).toContain("the first is shards/2\n");
  });

  it.each([
    ["another line", "hello\n"],
    ["a path from the root", `${sha256("x")}  /etc/passwd\n`],
    ["a path out of the folder", `${sha256("x")}  a/../../passwd\n`],
    ["a last line without its end", `${sha256("x")} x`],
    ["a line end of Windows", `${sha256("{}")}  config.json\r\n`],
  ])("in a file with %s are not checked, and the weights not used", (_, manifest) => {
    const instance = instanceWith({ s3: { [URI]: { ...WEIGHTS, SHA256SUMS: manifest } } });
    const { status, stderr } = copy(instance);
    expect(status).toBe(1);
    expect(stderr).toContain("its SHA256SUMS has a line that sha256sum cannot read: ");
  });

  it("are not used if they cannot be checked", () => {
    const instance = instanceWith({ s3: { [URI]: sums } }).fake("xargs", "exit 127");
    const { status, stderr } = copy(instance);
    expect(status).toBe(1);
    expect(stderr).toContain("it cannot be checked");
  });

  it("may have names as `find` prints them, and hashes in capitals", () => {
    const manifest = `${sha256("{}").toUpperCase()} *./config.json\n`;
    const instance = instanceWith({ s3: { [URI]: { "config.json": "{}", SHA256SUMS: manifest } } });
    expect(copy(instance)).toMatchObject({ status: 0 });
  });
});

describe("weights that are pinned", () => {
  const sums = withManifest(WEIGHTS);
  const pin = sha256(sums.SHA256SUMS ?? "");

  it("are used with the pinned hash", () => {
    const instance = instanceWith({ sha256: pin, s3: { [URI]: sums } });
    expect(copy(instance)).toMatchObject({ status: 0 });
    expect(weightsOn(instance)).toEqual(sums);
  });

  it("are not used with another hash, even if they match their checksums", () => {
    const others = withManifest({ "config.json": "other" });
    const instance = instanceWith({ sha256: pin, mirrors: [MIRROR], s3: { [URI]: others, [MIRROR]: sums } });
    const { status, stderr } = copy(instance);
    expect(status).toBe(0);
    expect(stderr).toContain("s3://acme/llama/: its SHA256SUMS does not have the hash in sha256");
    expect(weightsOn(instance)).toEqual(sums);
  });

  it("are not used without their checksums", () => {
    const { status, stderr } = copy(instanceWith({ sha256: pin, s3: { [URI]: WEIGHTS } }));
    expect(status).toBe(1);
    expect(stderr).toContain("there is no SHA256SUMS, which sha256 requires");
  });

  it("are used without other files beside them", () => {
    const instance = instanceWith({
      sha256: pin,
      s3: { [URI]: { ...sums, "shards/modeling.py": "import os" } },
    });
    const { status, stderr } = copy(instance);
    expect(status).toBe(0);
    expect(stderr).toContain("weights: shards/modeling.py is not in SHA256SUMS, and is deleted\n");
    expect(weightsOn(instance)).toEqual(sums);
  });
});

describe("weights that are here already", () => {
  const sums = withManifest(WEIGHTS);
  const countsChecks = (instance: FakeInstance) =>
    instance.hide("sha256sum").fake("sha256sum", `exec '${instance.path("hidden-sha256sum")}' "$@"`);

  it("are not checked a second time", () => {
    const instance = instanceWith({ s3: { [URI]: sums } });
    copy(instance);
    countsChecks(instance);
    expect(copy(instance)).toMatchObject({ status: 0 });
    expect(instance.calls("sha256sum")).toEqual([["sha256sum", "--check", "--status", ".verified"]]);
  });

  it("are checked again when one of them has changed since", async () => {
    const instance = instanceWith({ s3: { [URI]: sums } });
    copy(instance);
    // The times of a file system may differ by no less than a tick of the kernel.
    await new Promise((resolve) => setTimeout(resolve, 100));
    instance.file("models/config.json", "[]");
    const { status, stderr } = copy(instance);
    expect(status).toBe(0);
    expect(stderr).toContain("1 files do not match its SHA256SUMS, the first is config.json");
    expect(weightsOn(instance)).toEqual(sums);
  });

  it("are checked again when S3 has other ones", () => {
    const instance = instanceWith({ s3: { [URI]: sums } });
    copy(instance);
    const next = withManifest({ ...WEIGHTS, "config.json": "[1]" });
    rmSync(instance.path("models/SHA256SUMS"));
    put(instance, URI, next);
    expect(copy(instance)).toMatchObject({ status: 0 });
    expect(weightsOn(instance)).toEqual(next);
  });
});

describe("weights that cannot be copied", () => {
  it("are copied from the mirrors, one after the other", () => {
    const second = "s3://acme-us/llama/";
    const instance = instanceWith({ mirrors: [MIRROR, second], s3: { [second]: WEIGHTS } });
    const { status, stderr } = copy(instance);
    expect(status).toBe(0);
    expect(stderr).toContain("weights: cannot copy s3://acme/llama/: fatal error: AccessDenied\n");
    expect(copies(instance)).toEqual([URI, MIRROR, second]);
    expect(filesOn(instance)).toEqual(WEIGHTS);
  });

  it("count as missing if the source is empty", () => {
    const instance = instanceWith({ s3: {} });
    mkdirSync(join(instance.path("s3"), URI.replace(/[:/]/g, "_")), { recursive: true });
    const { status, stderr } = copy(instance);
    expect(status).toBe(1);
    expect(stderr).toContain("cannot copy s3://acme/llama/: there is nothing\n");
  });

  it("for lack of disk space are not copied from a mirror", () => {
    const instance = instanceWith({ mirrors: [MIRROR], s3: { [MIRROR]: WEIGHTS } });
    instance.fake(
      "aws",
      'echo "download failed: s3://acme/llama/a [Errno 28] No space left on device" >&2; exit 1',
    );
    const { status, stderr } = copy(instance);
    expect(status).toBe(1);
    expect(stderr).toContain(
      `weights: the disk is full, ${instance.path("models")} has 12 MiB left: set the size of the weights and the adapters, or volume.size\n`,
    );
    expect(copies(instance)).toEqual([URI]);
  });
});
