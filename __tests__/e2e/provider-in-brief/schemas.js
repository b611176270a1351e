const { readdirSync, readFileSync } = require("node:fs");
const path = require("node:path");
const { resource_schemas, data_source_schemas } = require("../../../testing/provider-schema/schema.json");

/** Types that stacks have, and that the state of one may therefore have. */
const OF_STACKS = new Set([...Object.keys(resource_schemas), ...Object.keys(data_source_schemas)]);

/** Its schema is several times as long as those of all other types of the stacks. */
OF_STACKS.delete("aws_wafv2_web_acl");

/** The fields of the message GetProviderSchema.Response that are maps of types: of resources, of data sources. */
const MAPS_OF_TYPES = [2, 3];

/** Bytes that gRPC puts before a message: whether it is compressed, and its length. */
const PREFIX = 5;

/**
 * The answer of a provider that was asked for its schemas, without those of types that are neither in a stack nor named
 * in the folder's Terraform JSON. Should a type be missing there, Terraform says so and ends.
 *
 * @param {Buffer} answer a message GetProviderSchema.Response of Terraform's plugin protocol, as gRPC sends it
 * @param {string} folder where Terraform runs
 * @returns {Buffer}
 */
function inBrief(answer, folder) {
  const written = writtenIn(folder);
  const isOfUse = ({ number, value }) => {
    const [{ value: key }] = MAPS_OF_TYPES.includes(number) ? fieldsOf(value) : [{}];
    return key === undefined || OF_STACKS.has(String(key)) || written.includes(`"${key}"`);
  };
  const kept = fieldsOf(answer.subarray(PREFIX)).filter(isOfUse);
  const message = Buffer.concat(kept.map(({ bytes }) => bytes));
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** The Terraform JSON of a folder and of the modules in it. */
function writtenIn(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".tf.json"));
  return files.map((name) => readFileSync(path.join(folder, name), "utf8")).join("\n");
}

/** The fields of a message of Protocol Buffers; each has a length, as all of these messages and texts have. */
function fieldsOf(message) {
  const fields = [];
  for (let place = 0; place < message.length; ) {
    const [tag, afterTag] = numberAt(message, place);
    const [length, start] = numberAt(message, afterTag);
    const end = start + length;
    fields.push({
      number: tag >> 3,
      value: message.subarray(start, end),
      bytes: message.subarray(place, end),
    });
    place = end;
  }
  return fields;
}

/** A number of variable length (Protocol Buffers, Encoding), and the place after it. */
function numberAt(bytes, start) {
  let number = 0;
  let place = start;
  do {
    number += (bytes[place] & 127) * 128 ** (place - start);
    place += 1;
  } while (bytes[place - 1] > 127);
  return [number, place];
}

module.exports = { inBrief };
