import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sglang } from "../../../config/servers/sglang";

/** A server in the place of SGLang's: it says what it is started with, and so does a process that it spawns, as SGLang does. */
const SERVER = `
import multiprocessing, sys

def say(who):
    print(who, __name__ if who == "server" else "", sys.argv[1:], flush=True)
    with open("/proc/self/cmdline") as file:
        print(who, "shows the key:", "s3cret" in file.read(), flush=True)

if __name__ == "__main__":
    say("server")
    process = multiprocessing.get_context("spawn").Process(target=say, args=("child",))
    process.start()
    process.join()
    sys.exit(process.exitcode)
`;

const { apiKey } = sglang;
const [python, ...command] = apiKey.command;
const hasPython = spawnSync(python, ["--version"]).status === 0;

(hasPython ? test : test.skip)(
  "the key reaches the server and its processes, and no list of processes shows it",
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), "sglang-"));
    mkdirSync(path.join(folder, "sglang"));
    writeFileSync(path.join(folder, "sglang", "launch_server.py"), SERVER);
    const { status, stdout, stderr } = spawnSync(python, [...command, "--model-path", "/models"], {
      cwd: folder,
      env: { ...process.env, PYTHONPATH: folder, SERVER_API_KEY: "s3cret" },
      encoding: "utf8",
    });
    expect({ status, stderr, lines: stdout.trim().split("\n") }).toEqual({
      status: 0,
      stderr: "",
      lines: [
        "server __main__ ['--model-path', '/models', '--api-key', 's3cret']",
        "server shows the key: False",
        "child  ['--model-path', '/models', '--api-key', 's3cret']",
        "child shows the key: False",
      ],
    });
  },
);
