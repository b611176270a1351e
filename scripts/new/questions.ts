import { type FIELDS, type Given, IMAGES, PLAIN_HTTP } from "./answers";

/** A question to a person. */
interface Question {
  readonly field: (typeof FIELDS)[number];
  readonly text: string;
  /** What an empty answer means. */
  readonly usual?: string;
}

/** The five questions, and the demand, from which the sizes follow. */
const QUESTIONS: readonly Question[] = [
  { field: "model", text: "Which model? Its id on the Hugging Face hub", usual: "Qwen/Qwen3-8B" },
  { field: "server", text: `Which server? ${Object.keys(IMAGES).join(", ")}`, usual: "vllm" },
  { field: "region", text: "In which region?", usual: "us-east-1" },
  {
    field: "domain",
    text: `Under which domain, of a Route 53 hosted zone? ${PLAIN_HTTP}: none, plain HTTP`,
    usual: PLAIN_HTTP,
  },
  { field: "allow", text: "Who may call, by address alone? Ranges such as 203.0.113.0/24" },
  { field: "demand", text: "How many requests a minute at the peak?", usual: "60" },
];

/**
 * Asks for what is not given.
 *
 * @param ask undefined: nobody is there to answer
 * @param complaintOf what is wrong with the answers so far; the last question is then asked again
 * @throws Error that names the flags that are missing, where nobody answers
 */
export async function asked(
  given: Given,
  ask: ((text: string) => Promise<string>) | undefined,
  complaintOf: (given: Given) => string | undefined = () => undefined,
): Promise<Given> {
  const open = QUESTIONS.filter(({ field }) => given[field] === undefined);
  if (ask === undefined) {
    const missing = open.filter(({ usual }) => usual === undefined || given.model === undefined);
    if (missing.length > 0) {
      throw new Error(
        `there is no terminal to ask: add ${missing.map(({ field }) => `--${field}`).join(", ")}`,
      );
    }
  }
  let answers = given;
  for (const { field, text, usual } of open) {
    const question = `${text}${usual === undefined ? "" : ` [${usual}]`}: `;
    const answered = async (before: string): Promise<Given> => {
      const answer = (await ask?.(before + question))?.trim() || usual;
      const all = { ...answers, [field]: answer };
      const wrong = ask && (answer === undefined ? "is needed" : complaintOf(all));
      return wrong === undefined ? all : answered(`${wrong}\n`);
    };
    answers = await answered("");
  }
  return answers;
}
