import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stillRunning } from "./process-tree";
import { start } from "./processes";

const folder = mkdtempSync(path.join(tmpdir(), "processes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a program in a group of its own, as the CLI does with Terraform under its terminal. */
const APART = `
  const { spawn } = require("node:child_process");
  const { pid } = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
  console.log("started", pid);
  setInterval(() => {}, 1000);
`;

test("a process that was started in another group is killed with its parent, and reported", async () => {
  const options = { cwd: folder, env: process.env, log: path.join(folder, "log.txt") };
  const running = start(process.execPath, ["-e", APART], options);
  await running.saying(/started \d+\n/);
  const [, id] = /started (\d+)/.exec(running.output()) ?? [];
  const sleeper = { id: Number(id), parent: expect.any(Number), command: "sleep 600" };

  const killed = running.kill();

  expect(killed).toEqual([sleeper]);
  expect(await stillRunning(killed)).toEqual([]);
  expect(await running.ended).toBeNull();
});
