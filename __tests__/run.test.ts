import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const folder = mkdtempSync(join(tmpdir(), "run-"));
const program = join(folder, "program.ts");
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

const run = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [resolve("run.cjs"), program, ...args], { cwd: folder });

const cache = resolve("node_modules/.cache/run", program.replace(/\W/g, "_"));

afterAll(() => {
  rmSync(cache);
  const name = folder.replace(/\W/g, "_");
  expect(readdirSync(dirname(cache)).filter((each) => each.startsWith(name))).toEqual([]);
});

write(
  "program.ts",
  `import { word } from "./word";
  console.log(word satisfies string, process.argv.slice(1).join(), process.argv[1] === __filename);`,
);

test("a program runs with its arguments, alone or beside itself", async () => {
  write("word.ts", 'export const word = "one";');
  const outputs = await Promise.all([run("a", "b"), run("a", "b"), run("a", "b")]);
  expect(outputs.map(({ stdout }) => stdout)).toEqual(Array(3).fill(`one ${program},a,b true\n`));
});

test("what has changed is never run as it was before", async () => {
  for (const word of ["two", "three", "two"]) {
    write("word.ts", `export const word = "${word}";`);
    expect((await run()).stdout).toContain(`${word} `);
    expect((await run()).stdout).toContain(`${word} `);
  }
}, 30_000);

test.each([
  ["while it loads", "fail();"],
  ["later", "setTimeout(fail, 1);"],
])("an error %s names its place in the source, and ends the program with 1", async (_when, call) => {
  write(
    "word.ts",
    `export const word = "four";\nfunction fail(): never {\n  throw new Error("broken");\n}\n${call}`,
  );
  for (const _each of ["first", "from the cache"]) {
    await expect(run()).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Error: broken\n.*word\.ts:3:9\)?\n/),
    });
  }
});

test.each([
  ["new", /^ {4}npm run new .*\n {30}--allow .*\n\n {4}cat help +All commands\n$/],
  ["mirror", /^ {4}npm run mirror -- <model> [\s\S]*\n {4}npm run mirror -- --image [\s\S]*All commands\n$/],
  ["bench", /npm run bench/],
  ["nothing", /^=+\n[\s\S]*npm run synth[\s\S]*npm run pack/],
])("--help of %s is what the help says of it", async (command, said) => {
  const { stdout } = await promisify(execFile)(process.execPath, [resolve("run.cjs"), program, "--help"], {
    env: { ...process.env, npm_lifecycle_event: command },
  });
  expect(stdout).toMatch(said);
});

test("an argument that the program does not take is answered with a sentence", async () => {
  write(
    "word.ts",
    'import { parseArgs } from "node:util";\nparseArgs({ options: {} });\nexport const word = "five";',
  );
  await expect(run("--no-such")).rejects.toMatchObject({ code: 1, stderr: "Unknown option '--no-such'\n" });
});

test("a program that is not there is answered with a sentence", async () => {
  const missing = promisify(execFile)(process.execPath, ["run.cjs", join(folder, "nope.ts")]);
  await expect(missing).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`Could not resolve "${join(folder, "nope.ts")}"`),
  });
});

test("a run that fails keeps what a whole run replaces, once", async () => {
  write("word.ts", 'export const word = "seven";\nprocess.exitCode = Number(process.argv[2]);');
  const kept: number[] = [];
  for (const code of [1, 1, 0, 0, 1]) {
    await run(String(code)).catch(() => {});
    kept.push(statSync(cache).mtimeMs);
  }
  const [failed, again, whole, ...later] = kept;
  expect([again, ...later]).toEqual([failed, whole, whole]);
  expect(whole).not.toBe(failed);
});

test("a program that is reached by a link knows itself all the same", async () => {
  write("word.ts", 'export const word = "six";');
  const link = join(folder, "link");
  symlinkSync(folder, link);
  const { stdout } = await promisify(execFile)(process.execPath, ["run.cjs", join(link, "program.ts")]);
  expect(stdout).toBe(`six ${program} true\n`);
});
