import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDeployment } from "../config/load";
import { VALID_YAML } from "./support/serving-file";

// Six programs are bundled at once, beside other tests.

const folder = mkdtempSync(join(tmpdir(), "main-"));

/** A file of this text, and an output folder with something of an earlier synthesis in it. */
function project(name: string, text: string | Buffer): { readonly file: string; readonly outdir: string } {
  const root = join(folder, name);
  const outdir = join(root, "cdktf.out");
  mkdirSync(join(outdir, "stacks", "us-west-2"), { recursive: true });
  writeFileSync(join(outdir, "stacks", "us-west-2", "cdk.tf.json"), "earlier");
  const file = join(root, "serving.yaml");
  writeFileSync(file, text);
  return { file, outdir };
}

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(script: string, file: string, outdir: string, ...args: readonly string[]): Promise<Run> {
  const child = spawn(process.execPath, ["run.cjs", script, ...args], {
    env: { ...process.env, SERVING_CONFIG: file, CDKTF_OUTDIR: outdir },
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    texts.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    texts.stderr += chunk;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, ...texts })));
}

const wrong = project("wrong", VALID_YAML.replace("min: 3", "min: 9").replace("server: vllm", "server: vlm"));
const warned = project(
  "warned",
  VALID_YAML.replace("email: on-call@example.com", "topicArns: []").replace(
    "capacity: { min: 3, max: 6 }",
    "capacity: { min: 3, max: 3 }\n    accept: { no-room-for-rollout: one may be missing }",
  ),
);
const missing = { file: join(folder, "no-such.yaml"), outdir: wrong.outdir };

const deep = { file: project("deep", VALID_YAML).file, outdir: join(folder, "not", "there", "yet") };
const inTheWay = { file: deep.file, outdir: join(deep.file, "cdktf.out") };

/** All at once: each takes most of a second to start. */
const runs = Promise.all([
  run("main.ts", wrong.file, wrong.outdir),
  run("main.ts", missing.file, missing.outdir),
  run("main.ts", warned.file, warned.outdir),
  run("scripts/explain.ts", warned.file, warned.outdir, "--json"),
  run("main.ts", deep.file, deep.outdir),
  run("main.ts", inTheWay.file, inTheWay.outdir),
  run("scripts/explain.ts", warned.file, warned.outdir, "callers"),
]);

describe("a file with errors", () => {
  test("is answered with all of them, by place, and nothing else", async () => {
    const [{ code, stdout, stderr }] = await runs;
    expect(stderr.split("\n")).toEqual([
      `${wrong.file}:18:13  error  models.llama.server  "vlm" is none of "custom", "vllm", "sglang", "tgi", "tei", "triton", "trtllm-serve", "nim", "ollama", "llama.cpp", "ray-serve"; did you mean "vllm"?  [unknown-word]`,
      `${wrong.file}:24:22  error  models.llama.capacity.min  min 9 > max 6; swap them, or raise max  [min-above-max]`,
      "2 errors; nothing was written.",
      "",
    ]);
    expect([code, stdout]).toEqual([1, ""]);
  });

  test("leaves what an earlier synthesis wrote as it was", async () => {
    await runs;
    expect(readdirSync(wrong.outdir, { recursive: true })).toEqual([
      "stacks",
      join("stacks", "us-west-2"),
      join("stacks", "us-west-2", "cdk.tf.json"),
    ]);
    expect(readFileSync(join(wrong.outdir, "stacks", "us-west-2", "cdk.tf.json"), "utf8")).toBe("earlier");
  });
});

test("a file that is not there is answered in a sentence, without a stack trace", async () => {
  const [, { code, stdout, stderr }] = await runs;
  expect(stderr).toBe(
    `${missing.file}:1:1  error  no such file; write one, or name another in SERVING_CONFIG  [file-not-found]\n1 error; nothing was written.\n`,
  );
  expect([code, stdout]).toEqual([1, ""]);
});

describe("a file with warnings", () => {
  test("is built all the same", async () => {
    const [, , { code, stdout, stderr }] = await runs;
    expect(stdout).toMatch(/^chat: stacks state, us-east-1\n/);
    expect(stderr).toMatch(
      /:10:3 {2}warning {2}alarms {2}nobody is notified when instances fail;[^\n]*\[no-alarm-recipient\]\n1 warning\.\n$/,
    );
    expect(code).toBe(0);
    expect(readdirSync(join(warned.outdir, "stacks"))).toEqual(["state", "us-east-1"]);
  });

  test("is told what is open beside who may call what", async () => {
    const { code, stdout, stderr } = (await runs)[6];
    expect(stdout).toMatch(/^region +to call +from +a caller shows\nus-east-1 +llama /);
    expect(stderr).toMatch(/ warning {2}alarms [^\n]*\[no-alarm-recipient\]\n1 warning\.\n$/);
    expect(code).toBe(0);
  });

  test("is explained as JSON", async () => {
    const [, , , { code, stdout }] = await runs;
    expect(JSON.parse(stdout)).toMatchObject({
      explanations: expect.arrayContaining([
        expect.objectContaining({
          region: "us-east-1",
          numbers: expect.objectContaining({ idleTimeout: expect.objectContaining({ value: 330 }) }),
        }),
      ]),
      accepted: [
        {
          path: "models.llama.capacity.max",
          code: "no-room-for-rollout",
          message: expect.stringContaining("max 3 leaves no room"),
          reason: "one may be missing",
        },
      ],
      cost: { atMin: expect.any(Number), atMax: expect.any(Number), ofSurvival: expect.any(Number) },
    });
    expect(code).toBe(0);
  });
});

describe("the folder to write to", () => {
  test("is made, with those around it", async () => {
    const [, , , , { code, stderr }] = await runs;
    expect([code, stderr]).toEqual([0, ""]);
    expect(readdirSync(join(deep.outdir, "stacks"))).toEqual(["state", "us-east-1"]);
  });

  test("is told in a sentence when it cannot be made", async () => {
    const [, , , , , { code, stdout, stderr }] = await runs;
    expect(stderr).toMatch(
      /^\S+serving\.yaml\/cdktf\.out: stacks cannot be written there \(ENOTDIR: [^\n]*\); name another folder in CDKTF_OUTDIR or by --output\n$/,
    );
    expect([code, stdout]).toEqual([1, ""]);
  });
});

describe("a file that cannot be a deployment is answered, not thrown at", () => {
  const bomb = `a: &a [x, x]\n${Array.from({ length: 40 }, (_, index) => {
    const [name, before] = [index + 1, index].map((each) => (each === 0 ? "a" : `a${each}`));
    return `b${index}: &${name} [*${before}, *${before}]`;
  }).join("\n")}\n`;
  test.each<[string, string | Buffer, RegExp]>([
    ["empty", "", /is empty/],
    ["of blanks", "\n  \n", /is empty/],
    ["of a comment", "# nothing\n", /holds no settings/],
    ["of broken YAML", "name: [chat\nstate: {\n", /not closed/],
    ["of keys twice", "name: a\nname: b\n", /is written twice/],
    ["of __proto__", "__proto__: { a: 1 }\n", /cannot be a key/],
    ["of 10 MB", "#".repeat(10 * 1024 * 1024), /has 10240 KiB; at most 256 KiB are read/],
    ["of an alias bomb", bomb, /comes to more than 100,000 values/],
    ["of tabs", "state:\n\tbucket: a\n", /a tab indents this line/],
    ["of bytes that are no text", Buffer.from([0x6e, 0xff, 0xfe]), /is not UTF-8/],
    ["of UTF-16", Buffer.from("\ufeffname: chat\n", "utf16le"), /UTF-16/],
  ])("%s", (name, text, sentence) => {
    const { file } = project(name, text);
    const loaded = loadDeployment(file);
    const messages = loaded.ok ? [] : loaded.diagnostics.map(({ message }) => message);
    expect(messages).toEqual(expect.arrayContaining([expect.stringMatching(sentence)]));
  });

  test("a folder", () => {
    expect(loadDeployment(folder)).toMatchObject({
      ok: false,
      diagnostics: [{ message: "is a directory; give the name of a file" }],
    });
  });

  test.each([
    ["a byte order mark", `\ufeff${VALID_YAML}`],
    ["the line ends of Windows", VALID_YAML.replaceAll("\n", "\r\n")],
  ])("but one with %s can be", (name, text) => {
    expect(loadDeployment(project(name, text).file)).toMatchObject({ ok: true, warnings: [] });
  });
});
