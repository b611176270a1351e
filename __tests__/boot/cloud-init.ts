import { spawnSync } from "node:child_process";

const READ = "import cloudinit.util, cloudinit.user_data, cloudinit.safeyaml, json, sys;";

/** A Python of this machine that has cloud-init; `undefined` when there is none. */
export const pythonWithCloudInit = ["python3", "/usr/bin/python3"].find(
  (each) => spawnSync(each, ["-c", READ]).status === 0,
);

/** Reads a list of user data in base64; prints what cloud-init reads of each, and what its schema says. */
const PROGRAM = `${READ}
import base64
from cloudinit.config.schema import SchemaValidationError, get_schema, validate_cloudconfig_schema
schema = get_schema()
answers = []
for text in json.load(sys.stdin):
    blob = cloudinit.user_data.convert_string(base64.b64decode(text)).get_payload(decode=True)
    config = cloudinit.safeyaml.load(cloudinit.util.decode_binary(blob))
    errors = []
    try:
        validate_cloudconfig_schema(config, schema, strict=True)
    except SchemaValidationError as error:
        errors = ["%s: %s" % tuple(each) for each in error.schema_errors]
    answers.append({"config": config, "errors": errors})
json.dump(answers, sys.stdout)`;

/** What cloud-init makes of user data. */
export interface CloudInitAnswer {
  /** What it reads. */
  readonly config: unknown;
  /** What is wrong by its own schema of a cloud-config, each with its place. */
  readonly errors: readonly string[];
}

/** What cloud-init makes of each user data: asked at once, as Python starts slowly. */
export function readByCloudInit(userData: readonly Buffer[]): readonly CloudInitAnswer[] {
  const input = JSON.stringify(userData.map((each) => each.toString("base64")));
  const { stdout, stderr } = spawnSync(pythonWithCloudInit ?? "", ["-c", PROGRAM], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (stdout === "") {
    throw new Error(`cloud-init cannot be asked: ${stderr}`);
  }
  return JSON.parse(stdout);
}
