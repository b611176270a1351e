import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import {
  currentOnly,
  packed,
  packedForAnyInstance,
  textOfAnyInstance,
  withoutComments,
} from "../../boot/any-instance";

const files: Readonly<Record<string, string>> = {
  "cloud-config.yaml":
    "# Why.\nruncmd: [[a]]\nwrite_files:\n  - path: /a.sh\n    content: a.sh\n  - path: /instance.sh\n    content: instance.sh\n",
  "a.sh": "#!/usr/bin/env bash\n# Why.\n\necho one # two\n",
};
const read = (name: string) => files[name] ?? "";
const text = textOfAnyInstance(read);
const packedNow = (now: string, before: Buffer | undefined) => packed(now, before, gzipSync(now));

describe("the text for every instance", () => {
  it("is a cloud-config with the files in it, without their comments, up to the facts", () => {
    expect(text).toBe(
      [
        "#cloud-config",
        "runcmd:",
        "  - - a",
        "write_files:",
        "  - path: /a.sh",
        "    content: |",
        "      #!/usr/bin/env bash",
        "      echo one # two",
        "  - path: /instance.sh",
        "    content: ",
      ].join("\n"),
    );
  });

  it("has to end with the facts", () => {
    const config =
      "write_files:\n  - path: /instance.sh\n    content: instance.sh\n    permissions: '0600'\n";
    expect(() => textOfAnyInstance(() => config)).toThrow('has to end with "content: instance.sh"');
  });

  it("is packed whole", () => {
    expect(gunzipSync(packedNow(text, undefined)).toString()).toBe(text);
  });

  it("keeps its packed bytes while its meaning is the same, whoever packed it and whatever its layout", () => {
    const byAnotherZlib = gzipSync(text, { level: 1 });
    const laidOutDifferently = gzipSync(
      text.replaceAll("\n  - path", "\n- path").replaceAll("\n    ", "\n  "),
    );
    expect(packedNow(text, undefined)).not.toEqual(byAnotherZlib);
    expect(packedNow(text, byAnotherZlib)).toBe(byAnotherZlib);
    expect(packedNow(text, laidOutDifferently)).toBe(laidOutDifferently);
  });

  it("is packed again when its meaning changes", () => {
    const after = textOfAnyInstance((name) => (name === "a.sh" ? "echo two\n" : read(name)));
    expect(gunzipSync(packedNow(after, packedNow(text, undefined))).toString()).toBe(after);
  });

  it("is not used when a file has changed since", () => {
    const before = packedNow(text, undefined);
    expect(currentOnly(before, text)).toBe(before);
    expect(() => currentOnly(before, `${text}x`)).toThrow("run npm run pack");
  });

  it("is up to date with the folder", () => {
    expect(gunzipSync(packedForAnyInstance()).toString()).toMatch(/^#cloud-config\n/);
  });
});

describe("comments", () => {
  it("are removed as whole lines, with any indent, and empty lines with them", () => {
    expect(withoutComments("a\n  # b\n\t\n\n  c\n#d\n")).toBe("a\n  c\n");
  });

  it("are the only lines that are removed", () => {
    const line = fc.string({ unit: "binary" }).filter((each) => !/^\s*(#|$)|[\n\r\u2028\u2029]/.test(each));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const all = lines.map((each) => `${each}\n`).join("");
        expect(withoutComments(all)).toBe(all);
      }),
    );
  });
});
