import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { close, freePort, listen } from "../support/loopback";
import { wrongWithEmulatorAt } from "./emulator-probe";
import { platform } from "./provider-mirror";
import { findTools, type Obstacles, type Tools } from "./tools";

const folder = mkdtempSync(path.join(tmpdir(), "tools-"));
const { E2E_ENDPOINT, E2E_PROVIDER_MIRROR, ...others } = process.env;

afterEach(() => {
  process.env = { ...others, E2E_ENDPOINT, E2E_PROVIDER_MIRROR };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The result of the search with these variables. */
function findWith(variables: Readonly<Record<string, string>>): Promise<Tools | Obstacles> {
  process.env = { ...others, E2E_ENDPOINT, ...variables };
  return findTools(folder);
}

/** What is wrong with an emulator that answers everything with a text. */
async function wrongWith(text: string): Promise<string | undefined> {
  const server = createServer((_, response) => response.end(text));
  const endpoint = await listen(server);
  const wrong = await wrongWithEmulatorAt(endpoint);
  await close(server);
  return wrong;
}

describe("a configured folder of providers", () => {
  test.each([
    ["and has none", folder],
    ["and is empty text", ""],
    ["and is not there", "/nowhere"],
  ])("with %s is reported, and no other is used", async (_, named) => {
    expect(await findWith({ E2E_PROVIDER_MIRROR: named })).toMatchObject({
      wrong: [expect.stringContaining(`E2E_PROVIDER_MIRROR is "${named}", where no registry.terraform.io`)],
    });
  });

  test("is used, in its newest version", async () => {
    for (const version of ["5.9.0", "5.10.0"]) {
      const versions = path.join(folder, "mirror", "registry.terraform.io", "hashicorp", "aws");
      mkdirSync(path.join(versions, version, platform), { recursive: true });
    }
    const named = path.join(folder, "mirror");
    expect(await findWith({ E2E_PROVIDER_MIRROR: named })).toMatchObject({
      mirror: { folder: named, awsVersion: "5.10.0" },
    });
  });
});

describe("a configured emulator", () => {
  test("is reported as wrong if nothing listens", async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    expect(await findWith({ E2E_ENDPOINT: endpoint })).toMatchObject({
      wrong: [expect.stringContaining(`E2E_ENDPOINT is "${endpoint}", where nobody answers (ECONNREFUSED)`)],
    });
  });

  test.each(["", "localhost:5000"])("is reported as wrong if %j is no address", async (endpoint) => {
    expect(await wrongWithEmulatorAt(endpoint)).toContain("is no address of an emulator");
  });

  test("is reported as wrong if something else answers", async () => {
    expect(await wrongWith("hello")).toContain("something answers that is no emulator of AWS");
  });

  test("is used if it answers as AWS does", async () => {
    expect(await wrongWith("<GetCallerIdentityResponse/>")).toBeUndefined();
  });
});
