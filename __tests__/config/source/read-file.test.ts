import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LARGEST_FILE, readText } from "../../../config/source/read-file";

const folder = fs.mkdtempSync(join(tmpdir(), "file-text-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
afterEach(() => jest.restoreAllMocks());

function fileOf(bytes: string | readonly number[]): string {
  const file = join(folder, "serving.yaml");
  fs.writeFileSync(file, typeof bytes === "string" ? bytes : Buffer.from(bytes));
  return file;
}

function failWith(code: string): void {
  jest.spyOn(fs, "readFileSync").mockImplementation(() => {
    throw Object.assign(new Error(code), { code });
  });
}

test("the text of a file is what is in it", () => {
  expect(readText(fileOf("name: modèle 🚀\r\n"))).toEqual({ text: "name: modèle 🚀\r\n" });
});

test("a byte order mark is not part of the text", () => {
  expect(readText(fileOf("\uFEFFname: x"))).toEqual({ text: "name: x" });
});

test("the replacement character is a character like any other", () => {
  expect(readText(fileOf("a: \uFFFD"))).toEqual({ text: "a: \uFFFD" });
});

test.each([join(folder, "none.yaml"), join(__filename, "serving.yaml"), "configs\\none.yaml", ""])(
  "that %j does not exist is reported, and what to do",
  (file) => {
    expect(readText(file)).toEqual({
      code: "file-not-found",
      refusal: "no such file; write one, or name another in SERVING_CONFIG",
    });
  },
);

test("a directory is refused", () => {
  expect(readText(folder)).toEqual({
    code: "not-a-file",
    refusal: "is a directory; give the name of a file",
  });
});

test("a device is refused before it is read", () => {
  expect(readText("/dev/null")).toEqual({
    code: "not-a-file",
    refusal: "is not a regular file; give the name of one",
  });
});

test("a file that may not be read is refused", () => {
  const file = fileOf("a: 1");
  failWith("EACCES");
  expect(readText(file)).toEqual({
    code: "file-unreadable",
    refusal: "may not be read (EACCES); let the user who runs this read it",
  });
});

test("any other failure is reported by its code", () => {
  const file = fileOf("a: 1");
  failWith("EIO");
  expect(readText(file)).toEqual({
    code: "file-unreadable",
    refusal: "cannot be read (EIO); check the file's name and the disk it is on",
  });
});

test("a NUL in the name is reported like any other failure", () => {
  expect(readText("a\0b")).toEqual({
    code: "file-unreadable",
    refusal: "cannot be read (ERR_INVALID_ARG_VALUE); check the file's name and the disk it is on",
  });
});

test("a file of 256 KiB is read", () => {
  expect(readText(fileOf("#".repeat(LARGEST_FILE)))).toHaveProperty("text");
});

test("a file of one byte more is refused", () => {
  expect(readText(fileOf("#".repeat(LARGEST_FILE + 1)))).toEqual({
    code: "file-too-large",
    refusal: "has 257 KiB; at most 256 KiB are read, so check that it is the file you mean",
  });
});

test("a file that is too large is not even read", () => {
  const file = fileOf("");
  fs.truncateSync(file, 10 * 1024 * 1024);
  const read = jest.spyOn(fs, "readFileSync");
  expect(readText(file)).toEqual({
    code: "file-too-large",
    refusal: expect.stringContaining("has 10240 KiB"),
  });
  expect(read).not.toHaveBeenCalled();
});

test.each([
  ["UTF-16", [0xff, 0xfe, 0x61, 0]],
  ["UTF-16", [0xfe, 0xff, 0, 0x61]],
  ["UTF-32", [0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]],
  ["UTF-32", [0, 0, 0xfe, 0xff, 0, 0, 0, 0x61]],
])("%s is refused by name (%j)", (name, bytes) => {
  expect(readText(fileOf(bytes))).toEqual({ code: "not-utf8", refusal: `is ${name} text; save it as UTF-8` });
});

test("a file with a NUL byte is refused", () => {
  expect(readText(fileOf([0x61, 0, 0x62, 0]))).toEqual({
    code: "not-utf8",
    refusal: "holds a NUL byte, so it is a binary file or UTF-16 text; save it as text in UTF-8",
  });
});

test("a byte that is not UTF-8 is shown with its place", () => {
  expect(readText(fileOf([...Buffer.from("name: x\nowner: Zo"), 0xeb, 0x0a]))).toEqual({
    code: "not-utf8",
    refusal: "byte 0xEB is not UTF-8; save the file as UTF-8",
    place: { line: 2, column: 10 },
  });
});

test("columns before such a byte are characters, and no byte order mark", () => {
  expect(readText(fileOf([...Buffer.from("\uFEFFé: "), 0xff]))).toHaveProperty("place", {
    line: 1,
    column: 4,
  });
});
