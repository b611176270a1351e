import type { ChildProcess } from "node:child_process";
import { freePort } from "../free-port";
import { killGroup, startGroup } from "../process-group";

/** Starts moto, an emulator of AWS, on the loopback address. @param command that is moto_server, or does as it does */
export async function startMoto(
  [program, ...args]: readonly [string, ...string[]] = ["moto_server"],
): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const port = await freePort();
  const moto = startGroup(program, [...args, "-H", "127.0.0.1", "-p", String(port)]);
  await waitForOutput(moto, /Running on http/);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      const ended = new Promise((resolve) => moto.once("close", resolve));
      killGroup(moto);
      await ended;
    },
  };
}

function waitForOutput(child: ChildProcess, pattern: RegExp): Promise<void> {
  let log = "";
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        log += chunk;
        if (pattern.test(log)) {
          resolve();
        }
      });
    }
    child.once("exit", () => reject(new Error(`the emulator ended: ${log}`)));
  });
}
