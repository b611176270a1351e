import { spawnSync } from "node:child_process";
import { shellQuoted, shellWords, variablesIn } from "../../../../config/servers/run/shell-words";

/** The words that bash makes of a line. */
function wordsOfBash(line: string): readonly string[] {
  const { stdout } = spawnSync("bash", ["-c", `set -f; printf '%s\\0' ${line}\n`], { encoding: "utf8" });
  return stdout.split("\0").slice(0, -1);
}

test.each([
  "docker run --gpus all image",
  "a \\\n  b\\\n c",
  `'{"a": "b c"}' "{\\"a\\": 1}" a\\ b 'it'\\''s' ""`,
  '"two\\\nlines" "a # b" a#b # a comment with \' and `',
  "a # comment\n",
  "--x=[1,2] *.txt {a,b} a=b 'c*'",
  "$'it\\'s\\ttab' \"it's\"",
  '\\# \\\\ \\\' "\\\\"',
])("%j is split as bash splits it", (line) => {
  expect(shellWords(line)).toEqual({ words: wordsOfBash(line.replace("{a,b}", "'{a,b}'")) });
});

test.each([
  ["docker run \\ --gpus all \\ image", "docker run --gpus all image"],
  ["docker run \\  \n image", "docker run image"],
  ["docker run image \\", "docker run image"],
])("%j, as YAML folds it or a page shows it, is one line", (line, plain) => {
  expect(shellWords(line)).toEqual({ words: plain.split(" ") });
});

test.each([
  ["docker run `id`", /backquotes/],
  ["docker run $(id)", /\$\(…\)/],
  ['docker run "a $(id)"', /\$\(…\)/],
  ["docker run 'a", /has a ' that nothing closes/],
  ["docker pull a && docker run a", /has && outside quotes/],
  ["docker run a | tee log", /has \| outside quotes/],
  ["docker run a; b", /has ; outside quotes/],
  ["docker run a > log", /has > outside quotes/],
  ["docker run a &", /has & outside quotes/],
  ["docker run -e A=<value> a", /has < outside quotes/],
  ["docker run $" + "{}", /outside quotes/],
  ["a\0b", /NUL/],
])("%j is refused", (line, problem) => {
  expect(shellWords(line).problem).toMatch(problem);
});

test("a dollar, a backquote and a # that nothing interprets stay", () => {
  expect(shellWords(`'$(id) \`id\`' "\\$(id)" a#b`)).toEqual({ words: ["$(id) `id`", "$(id)", "a#b"] });
});

test("variables are known by their names", () => {
  const { words = [] } = shellWords(`A=$HF_TOKEN "$HOME/.cache" $\{MODEL:-x} '$NOT' -v$A:/a`) as {
    words: string[];
  };
  expect(words.map(variablesIn)).toEqual([["HF_TOKEN"], ["HOME"], ["MODEL"], [], ["A"]]);
});

test.each(["", "a b", "it's", '{"a": "$b"}', "a\nb", "*", "~", "!x", "\\", "é", "--x=a,b:/c@d%"])(
  "%j is quoted so that bash reads it back",
  (word) => {
    expect(wordsOfBash(shellQuoted(word))).toEqual([word]);
  },
);
