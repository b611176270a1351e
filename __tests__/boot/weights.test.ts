import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FakeBox } from "./box";

jest.setTimeout(20_000);

const boxes: FakeBox[] = [];
afterAll(() => {
  for (const box of boxes) {
    box.remove();
  }
});

const URI = "s3://acme/llama/";
const MIRROR = "s3://acme-eu/llama/";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

type Files = Readonly<Record<string, string>>;
const WEIGHTS: Files = { "config.json": "{}", "shards/model 1.safetensors": "one", "shards/2": "two" };

/** What sha256sum prints of these files. */
const manifestOf = (files: Files) =>
  Object.entries(files)
    .map(([name, text]) => `${sha256(text)}  ${name}\n`)
    .join("");
const withManifest = (files: Files): Files => ({ ...files, SHA256SUMS: manifestOf(files) });

interface Given {
  readonly mirrors?: readonly string[];
  readonly sha256?: string;
  /** What lies where; what is not here fails. */
  readonly s3: Readonly<Record<string, Files>>;
}

/**
 * A box before S3 that copies what is not there yet, as `aws s3 sync` does; how it fails is in `s3-fails`, and what it
 * corrupts in `corrupts`, a name on a line that is taken off when its turn has come.
 */
function boxWith({ s3, ...weights }: Given): FakeBox {
  const box = new FakeBox((folder) => ({
    weights: { uri: URI, directory: join(folder, "models"), ...weights },
  }));
  boxes.push(box);
  box.real("mkdir", "cp", "rm", "find", "xargs", "sha256sum", "nproc");
  for (const [uri, files] of Object.entries(s3)) {
    put(box, uri, files);
  }
  box.file("corrupts", "");
  return box.fake("df", "echo ' Avail'; echo '    12'").fake(
    "aws",
    `from='${box.path("s3")}/'"\${3//[:\\/]/_}"
      if [[ ! -d "$from" ]]; then echo "fatal error: AccessDenied" >&2; exit 1; fi
      cp --recursive --no-clobber "$from/." .
      while IFS= read -r name; do
        if [[ -e "$name" ]]; then echo corrupt >"$name"; fi
      done <'${box.path("corrupts")}'
      if [[ -e '${box.path("once")}' ]]; then : >'${box.path("corrupts")}'; fi`,
  );
}

function put(box: FakeBox, uri: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    box.file(join("s3", uri.replace(/[:/]/g, "_"), name), text);
  }
}

function filesOn(box: FakeBox): Files {
  const folder = box.path("models");
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

const weightsOn = (box: FakeBox) => {
  const { ".verified": _, ...files } = filesOn(box);
  return files;
};
const copies = (box: FakeBox) => box.calls("aws").map((call) => call[3]);
const copy = (box: FakeBox) => box.run("weights.sh");

describe("weights without checksums", () => {
  const box = boxWith({ s3: { [URI]: WEIGHTS } });
  const { status, stderr } = copy(box);

  it("are copied to where the server looks for them", () => {
    expect(status).toBe(0);
    expect(filesOn(box)).toEqual(WEIGHTS);
    expect(stderr).toMatch(/^weights: s3:\/\/acme\/llama\/ is here after \d+ s\n$/);
  });

  it("are copied by the AWS CLI, which takes away what it left half copied", () => {
    expect(box.calls("aws").map((call) => call.join(" "))).toEqual([
      "aws s3 sync s3://acme/llama/ . --region eu-west-1 --delete --exclude .verified --only-show-errors",
    ]);
  });

  it("are copied in many parts at once, and patiently", () => {
    const seen = boxWith({ s3: { [URI]: WEIGHTS } });
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
    const box = boxWith({ s3: { [URI]: sums } });
    expect(copy(box)).toMatchObject({ status: 0 });
    expect(weightsOn(box)).toEqual(sums);
  });

  it("that came wrong are copied again, and those alone", () => {
    const box = boxWith({ s3: { [URI]: sums } });
    box.file("corrupts", "shards/model 1.safetensors\n");
    box.file("once", "");
    const { status, stderr } = copy(box);
    expect(status).toBe(0);
    expect(stderr).toContain(
      "weights: s3://acme/llama/: 1 files are not as its SHA256SUMS says, the first of them shards/model 1.safetensors\n",
    );
    expect(weightsOn(box)).toEqual(sums);
    expect(copies(box)).toEqual([URI, URI]);
  });

  it("that stay wrong are copied from the next mirror", () => {
    const box = boxWith({
      mirrors: [MIRROR],
      s3: { [URI]: { ...sums, "config.json": "tampered with" }, [MIRROR]: sums },
    });
    expect(copy(box)).toMatchObject({ status: 0 });
    expect(weightsOn(box)).toEqual(sums);
    expect(copies(box)).toEqual([URI, URI, MIRROR]);
  });

  it("that are wrong everywhere keep the server from starting", () => {
    const box = boxWith({ mirrors: [MIRROR], s3: { [URI]: sums, [MIRROR]: sums } });
    box.file("corrupts", "config.json\nshards/2\n");
    const { status, stderr } = copy(box);
    expect(status).toBe(1);
    expect(stderr).toContain("s3://acme-eu/llama/: 2 files are not as its SHA256SUMS says");
    expect(stderr).toMatch(/weights: there are no weights to be had\n$/);
    expect(copies(box)).toEqual([URI, URI, MIRROR, MIRROR]);
    expect(existsSync(box.path("models/config.json"))).toBe(false);
  });

  it("are used as they are when they were here before, and S3 is away", () => {
    const box = boxWith({ s3: { [URI]: withManifest(WEIGHTS) } });
    expect(copy(box).status).toBe(0);
    rmSync(box.path("s3"), { recursive: true });
    const { status, stderr } = copy(box);
    expect(status).toBe(0);
    expect(stderr).toContain("AccessDenied");
    expect(stderr).toMatch(/weights: goes on with what is here, which is as its SHA256SUMS says\n$/);
    expect(existsSync(box.path("models/.verified"))).toBe(true);
  });

  it("are not used when S3 is away and one of them has changed, or nothing says what they should be", () => {
    const changed = boxWith({ s3: { [URI]: withManifest(WEIGHTS) } });
    expect(copy(changed).status).toBe(0);
    changed.file("models/config.json", "{ }");
    const unknown = boxWith({ s3: { [URI]: WEIGHTS } });
    expect(copy(unknown).status).toBe(0);
    for (const box of [changed, unknown]) {
      rmSync(box.path("s3"), { recursive: true });
      expect(copy(box).stderr).toMatch(/weights: there are no weights to be had\n$/);
    }
  });

  it("are missed when they are not there", () => {
    const { "shards/2": _, ...missing } = sums;
    const box = boxWith({ s3: { [URI]: missing } });
    const { status, stderr } = copy(box);
    expect(status).toBe(1);
    expect(stderr).toContain("the first of them shards/2\n");
  });

  it.each([
    ["another line", "hello\n"],
    ["a path from the root", `${sha256("x")}  /etc/passwd\n`],
    ["a path out of the folder", `${sha256("x")}  a/../../passwd\n`],
    ["a last line without its end", `${sha256("x")} x`],
    ["a line end of Windows", `${sha256("{}")}  config.json\r\n`],
  ])("by a file with %s are not checked, and not taken", (_, manifest) => {
    const box = boxWith({ s3: { [URI]: { ...WEIGHTS, SHA256SUMS: manifest } } });
    const { status, stderr } = copy(box);
    expect(status).toBe(1);
    expect(stderr).toContain("its SHA256SUMS has a line that is none of sha256sum's: ");
  });

  it("cannot be taken where they cannot be checked", () => {
    const box = boxWith({ s3: { [URI]: sums } }).fake("xargs", "exit 127");
    const { status, stderr } = copy(box);
    expect(status).toBe(1);
    expect(stderr).toContain("it cannot be checked");
  });

  it("may be named as `find` does, and in capitals", () => {
    const manifest = `${sha256("{}").toUpperCase()} *./config.json\n`;
    const box = boxWith({ s3: { [URI]: { "config.json": "{}", SHA256SUMS: manifest } } });
    expect(copy(box)).toMatchObject({ status: 0 });
  });
});

describe("weights that are pinned", () => {
  const sums = withManifest(WEIGHTS);
  const pin = sha256(sums.SHA256SUMS ?? "");

  it("are these very ones", () => {
    const box = boxWith({ sha256: pin, s3: { [URI]: sums } });
    expect(copy(box)).toMatchObject({ status: 0 });
    expect(weightsOn(box)).toEqual(sums);
  });

  it("are no others, however well they are checked", () => {
    const others = withManifest({ "config.json": "other" });
    const box = boxWith({ sha256: pin, mirrors: [MIRROR], s3: { [URI]: others, [MIRROR]: sums } });
    const { status, stderr } = copy(box);
    expect(status).toBe(0);
    expect(stderr).toContain("s3://acme/llama/: its SHA256SUMS is not the one that weights.sha256 names");
    expect(weightsOn(box)).toEqual(sums);
  });

  it("cannot be without their checksums", () => {
    const { status, stderr } = copy(boxWith({ sha256: pin, s3: { [URI]: WEIGHTS } }));
    expect(status).toBe(1);
    expect(stderr).toContain("there is no SHA256SUMS, which weights.sha256 names");
  });

  it("come without what somebody has put beside them", () => {
    const box = boxWith({ sha256: pin, s3: { [URI]: { ...sums, "shards/modeling.py": "import os" } } });
    const { status, stderr } = copy(box);
    expect(status).toBe(0);
    expect(stderr).toContain("weights: shards/modeling.py is not in SHA256SUMS, and is left out\n");
    expect(weightsOn(box)).toEqual(sums);
  });
});

describe("weights that are here already", () => {
  const sums = withManifest(WEIGHTS);
  const countsChecks = (box: FakeBox) =>
    box.hide("sha256sum").fake("sha256sum", `exec '${box.path("hidden-sha256sum")}' "$@"`);

  it("are not read a second time to check them", () => {
    const box = boxWith({ s3: { [URI]: sums } });
    copy(box);
    countsChecks(box);
    expect(copy(box)).toMatchObject({ status: 0 });
    expect(box.calls("sha256sum")).toEqual([["sha256sum", "--check", "--status", ".verified"]]);
  });

  it("are when one of them has changed since", async () => {
    const box = boxWith({ s3: { [URI]: sums } });
    copy(box);
    // A file system may tell times apart by no less than a tick of the kernel.
    await new Promise((resolve) => setTimeout(resolve, 100));
    box.file("models/config.json", "[]");
    const { status, stderr } = copy(box);
    expect(status).toBe(0);
    expect(stderr).toContain("1 files are not as its SHA256SUMS says, the first of them config.json");
    expect(weightsOn(box)).toEqual(sums);
  });

  it("are when there are others to be had", () => {
    const box = boxWith({ s3: { [URI]: sums } });
    copy(box);
    const next = withManifest({ ...WEIGHTS, "config.json": "[1]" });
    rmSync(box.path("models/SHA256SUMS"));
    put(box, URI, next);
    expect(copy(box)).toMatchObject({ status: 0 });
    expect(weightsOn(box)).toEqual(next);
  });
});

describe("weights that cannot be copied", () => {
  it("are copied from the mirrors, one after the other", () => {
    const second = "s3://acme-us/llama/";
    const box = boxWith({ mirrors: [MIRROR, second], s3: { [second]: WEIGHTS } });
    const { status, stderr } = copy(box);
    expect(status).toBe(0);
    expect(stderr).toContain("weights: cannot copy s3://acme/llama/: fatal error: AccessDenied\n");
    expect(copies(box)).toEqual([URI, MIRROR, second]);
    expect(filesOn(box)).toEqual(WEIGHTS);
  });

  it("are none where nothing is", () => {
    const box = boxWith({ s3: {} });
    mkdirSync(join(box.path("s3"), URI.replace(/[:/]/g, "_")), { recursive: true });
    const { status, stderr } = copy(box);
    expect(status).toBe(1);
    expect(stderr).toContain("cannot copy s3://acme/llama/: there is nothing\n");
  });

  it("for want of room are not asked for elsewhere", () => {
    const box = boxWith({ mirrors: [MIRROR], s3: { [MIRROR]: WEIGHTS } });
    box.fake(
      "aws",
      'echo "download failed: s3://acme/llama/a [Errno 28] No space left on device" >&2; exit 1',
    );
    const { status, stderr } = copy(box);
    expect(status).toBe(1);
    expect(stderr).toContain(
      `weights: the disk is full, ${box.path("models")} has 12 MiB left: say how large the weights are, or the volume (weights.size, volume.size)\n`,
    );
    expect(copies(box)).toEqual([URI]);
  });
});
