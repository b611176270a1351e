import { execFile, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { VALID_YAML } from "../support/serving-file";

const folder = mkdtempSync(join(tmpdir(), "watch-"));
const outdir = join(folder, "cdktf.out");
const file = join(folder, "edited", "serving.yaml");
mkdirSync(dirname(file));
writeFileSync(file, VALID_YAML);

const child = spawn(process.execPath, ["run.cjs", "main.ts", "--watch"], {
  env: { ...process.env, SERVING_CONFIG: file, CDKTF_OUTDIR: outdir },
});
const ended = once(child, "close");
afterAll(() => child.kill("SIGKILL"));

/** What the program has printed and no test has taken yet. */
let printed = "";
const printing = new EventEmitter();
for (const stream of [child.stdout, child.stderr]) {
  stream.setEncoding("utf8").on("data", (text) => {
    printed += text;
    printing.emit("text");
  });
}

/** What is printed up to the end of an answer, without the time; the next answer is taken by the next call. */
async function answer(end: RegExp): Promise<string> {
  for (;;) {
    const found = end.exec(printed);
    if (found) {
      const text = printed.slice(0, found.index + found[0].length);
      printed = printed.slice(text.length);
      return text.replaceAll(/^\d\d:\d\d:\d\d {2}/gm, "");
    }
    await Promise.race([once(printing, "text"), ended.then(fail)]);
  }
}

function fail(): never {
  throw new Error(`the program has ended after ${printed}`);
}

const CHANGED = `${file} changed\n`;
const BROKEN = VALID_YAML.replace("server: vllm", "server: vlm");
const LARGER = VALID_YAML.replace("max: 6", "max: 7");
/** How the answer to a valid file ends when its summary is new, and when it was printed before. */
const [SUMMARY, AS_BEFORE] = [/^Next: .*\n/m, /^chat: stacks state, us-east-1\n/m];
const REFUSED = /^.*\d+ errors?; nothing was written\.\n/m;

const synthesizedMaximum = () =>
  /"max_size": (\d+)/.exec(readFileSync(join(outdir, "stacks/us-east-1/cdk.tf.json"), "utf8"))?.[1];

test("the file is answered at first, as without --watch", async () => {
  expect(await answer(/^watching .*\n/m)).toMatch(
    /^chat: stacks state, us-east-1\n[\s\S]*\nNext: .*\nwatching \S+serving\.yaml; Ctrl-C ends\n$/,
  );
}, 60_000);

test("a save is answered with what is found, in its place", async () => {
  for (const word of ["vlm", "vllmm", "vvllm"]) {
    writeFileSync(file, VALID_YAML.replace("server: vllm", `server: ${word}`));
    const text = await answer(REFUSED);
    expect(text.split("\n")).toEqual([
      `${file} changed`,
      expect.stringContaining(`${file}:18:13  error  models.llama.server  "${word}" is none of `),
      "1 error; nothing was written.",
      "",
    ]);
  }
});

test("findings come before the synthesis", async () => {
  writeFileSync(file, LARGER.replace("email: on-call@example.com", "topicArns: []"));
  const text = await answer(SUMMARY);
  expect(text).toMatch(/\[no-alarm-recipient\]\n1 warning\.\nchat: stacks state, us-east-1\n/);
  expect(synthesizedMaximum()).toBe("7");
});

test("what the last answer printed too is shortened", async () => {
  writeFileSync(file, VALID_YAML);
  expect(await answer(SUMMARY)).toMatch(`${CHANGED}chat: stacks state, us-east-1\n\nus-east-1 `);
  writeFileSync(file, `${VALID_YAML}# the same\n`);
  expect(await answer(AS_BEFORE)).toBe(`${CHANGED}chat: stacks state, us-east-1\n`);
  writeFileSync(file, BROKEN);
  await answer(REFUSED);
  writeFileSync(file, `${BROKEN}# the same\n`);
  expect(await answer(REFUSED)).toBe(`${CHANGED}as before: 1 error; nothing was written.\n`);
});

test("a file that is replaced by another is answered", async () => {
  writeFileSync(`${file}~`, VALID_YAML);
  renameSync(`${file}~`, file);
  expect(await answer(AS_BEFORE)).toBe(`${CHANGED}chat: stacks state, us-east-1\n`);
});

test("a file that is written twice in 50 ms is answered once", async () => {
  for (;;) {
    const begun = performance.now();
    writeFileSync(file, "");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
    writeFileSync(file, LARGER);
    const asQuickAsMeant = performance.now() - begun < 50;
    const text = await answer(SUMMARY);
    if (asQuickAsMeant) {
      expect(text.startsWith(`${CHANGED}chat: stacks state, us-east-1\n`)).toBe(true);
      return;
    }
    writeFileSync(file, VALID_YAML);
    await answer(SUMMARY);
  }
});

test("a syntax error is answered, and so is what mends it", async () => {
  writeFileSync(file, LARGER.replace("  us-east-1:", "\t us-east-1:"));
  expect(await answer(REFUSED)).toContain("a tab indents this line");
  writeFileSync(file, LARGER);
  expect(await answer(AS_BEFORE)).toBe(`${CHANGED}chat: stacks state, us-east-1\n`);
});

test("a file that is gone for a moment is answered when it is there again", async () => {
  rmSync(file);
  writeFileSync(file, BROKEN);
  expect(await answer(REFUSED)).toContain(`"vlm" is none of`);
});

test("a folder may go, and come back with the file", async () => {
  rmSync(dirname(file), { recursive: true });
  expect(await answer(REFUSED)).toContain("no such file");
  mkdirSync(dirname(file));
  writeFileSync(file, LARGER);
  expect(await answer(AS_BEFORE)).toBe(`${CHANGED}chat: stacks state, us-east-1\n`);
});

test("a file that the name leads to by a link is answered when it changes", async () => {
  renameSync(file, `${file}.linked`);
  symlinkSync(`${file}.linked`, file);
  await answer(AS_BEFORE);
  writeFileSync(`${file}.linked`, BROKEN);
  expect(await answer(REFUSED)).toContain(`"vlm" is none of`);
});

test("Ctrl-C ends it with 130, and without a word", async () => {
  child.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  expect(printed).toBe("");
});

test.each([
  ["--wach", "Unknown option '--wach'"],
  ["serving.yaml", "Unexpected argument 'serving.yaml'"],
])(
  "%s is refused with a sentence",
  async (argument, sentence) => {
    const refused = promisify(execFile)(process.execPath, ["run.cjs", "main.ts", argument]);
    await expect(refused).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(`^${sentence}[^\n]*\n$`),
    });
  },
  30_000,
);
