import { mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeInstance } from "./instance";

/** A program of this machine, and an instance on which a link leads to it. */
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

describe("a stand-in for an instance writes through no link", () => {
  it("when it gets a fake in the place of a program of this machine", async () => {
    const { instance, unchanged } = instanceWithLink();
    instance.fake("program", "echo fake");
    expect(await instance.bash("program")).toBe("fake\n");
    expect(unchanged()).toBe(true);
    instance.remove();
  });

  it("when it gets a file where a link is", () => {
    const { instance, unchanged } = instanceWithLink();
    instance.file("program", "of the instance");
    expect(instance.read("program")).toBe("of the instance");
    expect(unchanged()).toBe(true);
    instance.remove();
  });

  it("when it goes", () => {
    const { instance, unchanged } = instanceWithLink();
    instance.remove();
    expect(unchanged()).toBe(true);
  });
});
