import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFolder } from "../../../scripts/mirror/folder";
import { sha256 } from "../../support/hub";

const root = mkdtempSync(join(tmpdir(), "folder-"));
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test("a folder has the files that its SHA256SUMS names", async () => {
  const folder = folderWith({ a: "a", b: "b", SHA256SUMS: `${sha256("a")}  a\n` });
  const { name, files } = await openFolder(folder);
  expect(files).toEqual([{ path: "a", size: 1, known: { sha256: sha256("a") } }]);
  expect(name).toBe(`${folder} without b, which its SHA256SUMS does not name`);
});

test("a folder without SHA256SUMS has all its files", async () => {
  const { files } = await openFolder(folderWith({ a: "a", b: "b", ".hidden": "c" }));
  expect(files.map(({ path }) => path)).toEqual(["a", "b"]);
});

test("a file that SHA256SUMS names has to be there", async () => {
  const folder = folderWith({ a: "a", SHA256SUMS: `${sha256("a")}  a\n${sha256("b")}  b\n` });
  await expect(openFolder(folder)).rejects.toThrow(`${folder} lacks b, which its SHA256SUMS names`);
});

test("what is no folder, and a link to nothing, are called so", async () => {
  const folder = folderWith({ a: "a" });
  for (const none of [join(folder, "none"), join(folder, "a")]) {
    await expect(openFolder(none)).rejects.toThrow(`there is no folder ${none}`);
  }
  symlinkSync("nowhere", join(folder, "link"));
  await expect(openFolder(folder)).rejects.toThrow(`${join(folder, "link")} is a link to nothing`);
});
