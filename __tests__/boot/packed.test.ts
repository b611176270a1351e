import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { packedScript, packScripts, unpackScript, withoutComments } from "../../boot/packed";

const SCRIPT = "#!/usr/bin/env bash\n# Why.\n\necho one # two\n";

describe("packed scripts", () => {
  it("say what the scripts say, without their comments", () => {
    const packed = packScripts({ "a.sh": SCRIPT }, {});
    expect(unpackScript(packed["a.sh"] ?? "")).toBe("#!/usr/bin/env bash\necho one # two\n");
  });

  it("are kept to the byte while they say the same, whoever packed them", () => {
    const byAnotherZlib = gzipSync(withoutComments(SCRIPT), { level: 1 }).toString("base64");
    const before = { "a.sh": byAnotherZlib };
    expect(packScripts({ "a.sh": SCRIPT }, {})).not.toEqual(before);
    expect(packScripts({ "a.sh": `${SCRIPT}# Another comment.\n` }, before)).toEqual(before);
  });

  it("are packed again when the script says something else, and go when it goes", () => {
    const before = packScripts({ "a.sh": SCRIPT, "b.sh": SCRIPT }, {});
    const after = packScripts({ "a.sh": `${SCRIPT}echo three\n` }, before);
    expect(Object.keys(after)).toEqual(["a.sh"]);
    expect(unpackScript(after["a.sh"] ?? "")).toContain("echo three");
  });

  it("are in order, whatever the order of the scripts", () => {
    expect(Object.keys(packScripts({ "b.sh": SCRIPT, "a.sh": SCRIPT }, {}))).toEqual(["a.sh", "b.sh"]);
  });

  it("are not used when the script has changed since, or is new", () => {
    const packed = packScripts({ "a.sh": SCRIPT }, {});
    expect(packedScript(packed, "a.sh", SCRIPT)).toBe(packed["a.sh"]);
    expect(() => packedScript(packed, "a.sh", `${SCRIPT}echo three\n`)).toThrow("scripts/pack-boot.ts");
    expect(() => packedScript(packed, "b.sh", SCRIPT)).toThrow(
      "boot/b.sh is not what boot/packed.json holds",
    );
  });
});

describe("comments", () => {
  it("go as whole lines, wherever they begin, and empty lines with them", () => {
    expect(withoutComments("a\n  # b\n\t\n\n  c\n#d\n")).toBe("a\n  c\n");
  });

  it("are the only thing that goes", () => {
    const line = fc.string({ unit: "binary" }).filter((text) => !/^\s*(#|$)|[\n\r\u2028\u2029]/.test(text));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.map((each) => `${each}\n`).join("");
        expect(withoutComments(text)).toBe(text);
      }),
    );
  });
});
