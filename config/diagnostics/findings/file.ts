import { many } from "./example";
import type { Findings } from "./finding";

/** What keeps a file from being read at all. */
export const file = {
  "file-not-found": {
    severity: "error",
    sentence: "There is no file of this name.",
    example: "$ SERVING_CONFIG=servng.yaml npm run synth",
    remedy: "Write the file, or name the one that you mean in `SERVING_CONFIG`.",
  },
  "base-in-circle": {
    severity: "error",
    sentence: "The file is its own base, or the base of its base.",
    example: "base: serving.yaml",
    remedy: "Let one of the files have no `base`.",
  },
  "not-a-file": {
    severity: "error",
    sentence: "The name leads to a directory, a device or a pipe. Only a regular file is read.",
    example: "$ SERVING_CONFIG=examples npm run synth",
    remedy: "Name the file itself, such as `examples/minimal.yaml`.",
  },
  "file-unreadable": {
    severity: "error",
    sentence: "The system does not let this program read the file. The code in brackets is the system's own.",
    example: "$ chmod a-r serving.yaml",
    remedy: "Let the user who runs the program read the file, and check the disk that it lies on.",
  },
  "file-too-large": {
    severity: "error",
    sentence:
      "The file has more than 256 KiB. A hundred models take a fifth of that, so it is probably another file.",
    example: "$ SERVING_CONFIG=backup.tar npm run synth",
    remedy: "Name the file that describes the deployment.",
  },
  "not-utf8": {
    severity: "error",
    sentence: "The file holds bytes that are not text in UTF-8.",
    example: "$ iconv --to-code UTF-16 serving.yaml > utf16.yaml",
    remedy: "Save the file as UTF-8.",
  },
  "carriage-return-alone": {
    severity: "error",
    sentence:
      "A line ends with a carriage return and no line feed. YAML and editors count such lines differently.",
    example: "$ tr '\\n' '\\r' < serving.yaml > other.yaml",
    remedy: "Save the file with LF or CRLF line ends.",
  },
  "file-empty": {
    severity: "error",
    sentence: "The file holds no settings.",
    example: "# nothing yet",
    remedy: "Describe the deployment; `examples/minimal.yaml` is the shortest file that works.",
  },
  "not-a-mapping": {
    severity: "error",
    sentence: "The file holds a list or a single value. A deployment is a mapping of fields to values.",
    example: "- name: chat",
    remedy: "Write the fields as `key: value` lines.",
  },
  "yaml-syntax": {
    severity: "error",
    sentence: "The text is not valid YAML. The message says what is wrong in this line, or what was meant.",
    example: "state: { bucket: example-chat-tfstate\nname: chat",
    remedy:
      "Correct the line. Indent with spaces, close quotes and brackets, and quote values that hold `: `.",
  },
  "several-documents": {
    severity: "error",
    sentence: "A line of `---` or `...` starts a second document. One file describes one deployment.",
    example: "name: chat\n---\nname: other",
    remedy: "Keep one document. Write another deployment into a file of its own.",
  },
  "yaml-directive": {
    severity: "error",
    sentence: "The file begins with a directive (`%YAML`, `%TAG`). The text is always read as YAML 1.2.",
    example: "%YAML 1.2\n---\nname: chat",
    remedy: "Remove the line.",
  },
  "yaml-tag": {
    severity: "error",
    sentence: "A value has a YAML tag, such as `!secret`. Tags are not followed.",
    example: "name: !env NAME",
    remedy: "Write the plain value.",
  },
  "key-refused": {
    severity: "error",
    sentence: "A key is a list, a mapping, an alias, or a word that every object in the program has.",
    example: "__proto__: {}",
    remedy: "Choose a plain word for the key.",
  },
  "duplicate-key": {
    severity: "error",
    sentence: "The same key is written twice in one mapping, and only one of its values could count.",
    example: "name: chat\nname: other",
    remedy: "Remove one of the two.",
  },
  "alias-refused": {
    severity: "error",
    sentence: "An alias (`*name`) has no anchor (`&name`) above it, or stands within its own anchor.",
    example: "name: *chat",
    remedy: "Set the anchor above the alias. Put the value in quotes if the `*` belongs to it.",
  },
  "merge-refused": {
    severity: "error",
    sentence: "A merge key (`<<`) names something that is not a mapping.",
    example: "state:\n  <<: text",
    remedy: "Write `<<: *name`, or `<<: [*name, *other]`, where the anchors stand at mappings.",
  },
  "nested-too-deep": {
    severity: "error",
    sentence: "Values nest more than 100 levels deep, aliases followed.",
    example: `models: ${"[".repeat(120)}${"]".repeat(120)}`,
    remedy: "Write the file flatter.",
  },
  "too-many-values": {
    severity: "error",
    sentence: "The file comes to more than 100,000 values when its aliases are followed.",
    example: [
      `a: &a [${many(10, () => "x")}]`,
      ...["b", "c", "d", "e"].map(
        (name, index) => `${name}: &${name} [${many(10, () => `*${"abcd"[index]}`)}]`,
      ),
    ].join("\n"),
    remedy: "Use fewer aliases.",
  },
} as const satisfies Findings;
