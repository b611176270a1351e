import { Load, traced } from "../../local/load";
import { readTrace } from "../../local/trace";
import { Story } from "../support/local-story";
import { deployment } from "../support/simulated";

jest.setTimeout(120_000);

const read = (text: string) => readTrace("trace.csv", text, ["m", "other"]);

it("reads requests in the order of their times, whatever the order of lines and columns", () => {
  const text =
    "\ufeffmodel,answer_tokens,seconds,prompt_tokens,path\nm,8,2.5,0,\n,16,1,512,/m/v1/chat/completions\r\n\n";
  expect(read(text)).toEqual([
    { at: 1, model: undefined, path: "/m/v1/chat/completions", promptTokens: 512, answerTokens: 16 },
    { at: 2.5, model: "m", path: undefined, promptTokens: 0, answerTokens: 8 },
  ]);
});

it("finds everything that is wrong, with line and column", () => {
  const text = [
    "seconds,model,path,prompt_tokens,answer_tokens",
    "0,m,,1,1",
    "-1,m,,1,0",
    "soon,x,,1.5,1",
    "1,,,1,1",
    "1,m,/x,1,1",
    "1,,x y,1,1",
    "1,m,,1",
    "1,m,,,1",
  ];
  expect(() => read(text.join("\n"))).toThrow(
    `trace.csv:3, column seconds: "-1" is no number from 0; write one such as 12.5
trace.csv:3, column answer_tokens: "0" is no whole number from 1 to 10000000; write one such as 512
trace.csv:4, column seconds: "soon" is no number from 0; write one such as 12.5
trace.csv:4, column model: there is no model "x"; there are m, other
trace.csv:4, column prompt_tokens: "1.5" is no whole number from 0 to 10000000; write one such as 512
trace.csv:5, column path: the line has neither a model nor a path; write one of them
trace.csv:6, column path: the line has a model and a path; write one of them
trace.csv:7, column path: "x y" is no path; write one such as /llama-3-8b/v1/chat/completions
trace.csv:8, column 5: the line has 4 columns, and the header 5
trace.csv:9, column prompt_tokens: "" is no whole number from 0 to 10000000; write one such as 512`,
  );
});

it.each([
  ["", "trace.csv:1, column seconds: the header row does not have it"],
  ["seconds,model,prompt_tokens,tokens\n", 'trace.csv:1, column 4: there is no column "tokens"'],
  ["seconds,seconds,model,prompt_tokens,answer_tokens\n", "column 2: the column seconds is there already"],
  ["seconds,prompt_tokens,answer_tokens\n", "column model: the header row does not have it"],
  ["seconds,model,prompt_tokens,answer_tokens\n", "trace.csv:2, column seconds: the trace has no request"],
  ['seconds,model,prompt_tokens,answer_tokens\n1,"m,1,1\n', "trace.csv:2, column 2: Quote Not Closed"],
])("refuses %j", (text, finding) => {
  expect(() => read(text)).toThrow(finding);
});

it("sends each request of a trace at its time, and ends with the last", async () => {
  const story = await Story.begin(deployment());
  try {
    const target = { port: story.port, host: "localhost", path: "/v1/chat/completions", model: "m" };
    const text =
      "seconds,model,path,prompt_tokens,answer_tokens\n0,m,,10,4\n30,m,,100,2\n10,,/no-such-path,1,1\n";
    const { driver, events } = story.run;
    const began = driver.timeline.now;
    const load = new Load(traced(read(text), [target]), driver, events);
    await load.begin();
    expect(driver.timeline.now - began).toBeGreaterThanOrEqual(30);
    const { sent, served, lost, firstToken, whole } = load.tally();
    expect([sent, served, [...lost]]).toEqual([3, 2, [["404", 1]]]);
    expect(firstToken.every((first, at) => first < (whole[at] as number))).toBe(true);
    await load.end();
  } finally {
    story.end();
  }
});
