/** A call of the AWS CLI in a script. */
export interface AwsCommand {
  /** The script, by its path on the instance. */
  readonly file: string;
  /** e.g. `s3 sync`, `autoscaling set-instance-health`. */
  readonly command: string;
}

/**
 * The calls of the AWS CLI in scripts. Where the operation is the first argument of a function, as in
 * `lifecycle_action complete-lifecycle-action …`, it is that of each call of the function in any of the scripts.
 *
 * @param scripts texts by their paths, without comments
 * @throws Error when the service or the operation of a call cannot be read: nobody would know then what it needs
 */
export function awsCommands(scripts: ReadonlyMap<string, string>): readonly AwsCommand[] {
  return [...scripts].flatMap(([file, text]) =>
    [...text.matchAll(/(?<![\w./-])aws ([^\s]+) ([^\s]+)/g)].flatMap(
      ({ index, 1: service = "", 2: operation = "" }) => {
        const operations = /^[a-z0-9-]+$/.test(operation)
          ? [operation]
          : firstArguments(functionAround(text, index), scripts);
        if (!/^[a-z0-9]+$/.test(service) || operations.length === 0) {
          throw new Error(`${file}: what "aws ${service} ${operation}" calls cannot be read`);
        }
        return operations.map((each) => ({ file, command: `${service} ${each}` }));
      },
    ),
  );
}

/** The name of the function of a script that a place in it belongs to. */
function functionAround(text: string, place: number): string {
  return [...text.slice(0, place).matchAll(/^(\w+)\(\) \{$/gm)].at(-1)?.[1] ?? "";
}

function firstArguments(name: string, scripts: ReadonlyMap<string, string>): readonly string[] {
  const call = new RegExp(`(?<![\\w-])${name || "(?!)"} ([a-z][a-z-]+)`, "g");
  return [...scripts.values()].flatMap((text) => [...text.matchAll(call)].map(([, first = ""]) => first));
}
