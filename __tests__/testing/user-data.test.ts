import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { encodeUserData, renderUserData } from "../../boot/user-data";
import { unpackUserData } from "../../testing/user-data";
import { filesOf, plainFacts } from "../boot/facts";

it("unpacks the files that cloud-init writes", () => {
  const userData = renderUserData(plainFacts);
  expect(unpackUserData(encodeUserData(userData))?.files).toEqual(filesOf(userData));
});

it("reads the facts back as they were given", () => {
  const text = fc.string({ unit: "grapheme" }).filter((each) => !each.includes("\0"));
  fc.assert(
    fc.property(text, fc.array(text), (image, args) => {
      const userData = renderUserData({ ...plainFacts, image, arguments: args });
      const facts = unpackUserData(encodeUserData(userData))?.facts;
      expect(facts?.get("IMAGE")).toEqual([image]);
      expect(facts?.get("ARGUMENTS")).toEqual(args);
      expect(facts?.get("STOP_SIGNAL")).toEqual([""]);
    }),
    { numRuns: 50 },
  );
});

const other = [
  "",
  "#!/bin/sh\n",
  gzipSync("#!/bin/sh\n"),
  gzipSync("#cloud-config\n{}\n"),
  gzipSync("#cloud-config\nwrite_files:\n  - path: /a\n    content: b\n"),
];

it.each(other.map((each) => Buffer.from(each).toString("base64")))("knows no other user data: %s", (each) => {
  expect(unpackUserData(each)).toBeUndefined();
});
