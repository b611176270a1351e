import { mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeInstance } from "./instance";

/** A program of this machine, and an instance with a link to it. */
function instanceWithLink() {
  const program = join(mkdtempSync(join(tmpdir(), "machine-")), "program");
  writeFileSync(program, "of this machine", { mode: 0o644 });
  const instance = new FakeInstance();
  symlinkSync(program, instance.path("program"));
  return {
    instance,
    unchanged: () => readFileSync(program, "utf8") === "of this machine" && !isExecutable(program),
  };
}

const isExecutable = (path: string) => (statSync(path).mode & 0o111) !== 0;

describe("a fake instance writes through no link", () => {
  it("when a fake replaces a program of this machine", async () => {
    const { instance, unchanged } = instanceWithLink();
    instance.fake("program", "echo fake");
    expect(await instance.bash("program")).toBe("fake\n");
    expect(unchanged()).toBe(true);
    instance.remove();
  });

  it("when a file replaces a link", () => {
    const { instance, unchanged } = instanceWithLink();
    instance.file("program", "of the instance");
    expect(instance.read("program")).toBe("of the instance");
    expect(unchanged()).toBe(true);
    instance.remove();
  });

  it("when it is removed", () => {
    const { instance, unchanged } = instanceWithLink();
    instance.remove();
    expect(unchanged()).toBe(true);
  });
});
