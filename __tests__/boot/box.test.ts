import { mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeBox } from "./box";

/** A program of this machine, and a box on which a link leads to it. */
function boxWithLink() {
  const program = join(mkdtempSync(join(tmpdir(), "machine-")), "program");
  writeFileSync(program, "of this machine", { mode: 0o644 });
  const box = new FakeBox();
  symlinkSync(program, box.path("program"));
  return {
    box,
    unchanged: () => readFileSync(program, "utf8") === "of this machine" && !isExecutable(program),
  };
}

const isExecutable = (path: string) => (statSync(path).mode & 0o111) !== 0;

describe("a stand-in for a box writes through no link", () => {
  it("when it gets a fake in the place of a program of this machine", async () => {
    const { box, unchanged } = boxWithLink();
    box.fake("program", "echo fake");
    expect(await box.bash("program")).toBe("fake\n");
    expect(unchanged()).toBe(true);
    box.remove();
  });

  it("when it gets a file where a link is", () => {
    const { box, unchanged } = boxWithLink();
    box.file("program", "of the box");
    expect(box.read("program")).toBe("of the box");
    expect(unchanged()).toBe(true);
    box.remove();
  });

  it("when it goes", () => {
    const { box, unchanged } = boxWithLink();
    box.remove();
    expect(unchanged()).toBe(true);
  });
});
