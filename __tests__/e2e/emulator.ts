import path from "node:path";
import { freePort } from "../support/loopback";
import { type EmulatorFront, startEmulatorFront } from "./emulator-front";
import { start } from "./processes";
import { say } from "./steps";
import type { Tools } from "./tools";

/** Starts an AWS emulator on loopback, unless the developer has one. */
export async function startEmulator({ motoServer, endpoint }: Tools, folder: string): Promise<EmulatorFront> {
  if (motoServer === undefined) {
    say(`uses the emulator at ${endpoint}`);
    return startEmulatorFront(endpoint ?? "");
  }
  const port = await freePort();
  const moto = start(motoServer, ["-H", "127.0.0.1", "-p", String(port)], {
    cwd: folder,
    env: {
      ...process.env,
      // The policies AWS keeps for everybody, such as the one for Session Manager.
      MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
      MOTO_ACM_VALIDATION_WAIT: "1",
    },
    log: path.join(folder, "moto.log"),
  });
  say("waits for the emulator");
  await moto.saying(/Running on http/);
  const front = await startEmulatorFront(`http://127.0.0.1:${port}`);
  return {
    ...front,
    stop: async () => {
      await front.stop();
      moto.kill();
      await moto.ended;
    },
  };
}
