/*
 * Runs a TypeScript program of this project: node run.cjs main.ts [arguments]
 *
 * The program is bundled with all that it imports. The bundle and V8's compiled code of it are kept in one file of
 * node_modules/.cache/run, with a hash of all sources: what is stale is made anew. `npm ci` removes them.
 */
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { createRequire, Module, SourceMap } = require("node:module");
const path = require("node:path");
const v8 = require("node:v8");
const vm = require("node:vm");

const SETTINGS = ["run.cjs", "tsconfig.json", "node_modules/.package-lock.json"];
const [, , program = "main.ts"] = process.argv;
const entry = fs.existsSync(program) ? fs.realpathSync(program) : program;
const file = path.join(__dirname, "node_modules/.cache/run", entry.replace(/\W/g, "_"));
const decode = (bytes) => Buffer.from(bytes).toString();
const textOf = (source) => (fs.existsSync(source) ? fs.readFileSync(source, "utf8") : "");

async function run() {
  const kept = fs.existsSync(file) ? v8.deserialize(fs.readFileSync(file)) : { sources: [] };
  const bundled = kept.hash === hashOf(kept.sources) ? kept : await bundle();
  process.on("uncaughtException", (error) => fail(error, bundled.map));
  const script = new vm.Script(Module.wrap(decode(bundled.code)), {
    filename: file,
    cachedData: bundled.compiled,
  });
  if (script.cachedDataRejected !== false) {
    process.on("exit", () => keep({ ...bundled, compiled: script.createCachedData() }));
  }
  process.argv.splice(1, 2, entry);
  script.runInThisContext()({}, createRequire(entry), module, entry, path.dirname(entry));
}

async function bundle() {
  const places = { name: "places", setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, withPlaces) };
  const { metafile, outputFiles } = await require("esbuild").build({
    ...{ entryPoints: [entry], bundle: true, platform: "node", absWorkingDir: __dirname, plugins: [places] },
    ...{ outdir: path.dirname(file), write: false, metafile: true },
    ...{ sourcemap: "external", sourcesContent: false },
  });
  const [map, code] = outputFiles.map(({ contents }) => contents);
  const sources = Object.keys(metafile.inputs).filter((name) => !name.startsWith("node_modules"));
  return { code, map, sources, hash: hashOf(sources) };
}

/** In a bundle, too, each source has its own `__filename` and `__dirname`. */
function withPlaces({ path: source }) {
  const [name, folder] = [source, path.dirname(source)].map((place) => JSON.stringify(place));
  return { contents: `const __filename = ${name}, __dirname = ${folder};${textOf(source)}`, loader: "ts" };
}

function hashOf(sources) {
  const texts = [...SETTINGS, ...sources].map((name) => [name, textOf(path.join(__dirname, name))]);
  return createHash("sha256")
    .update(JSON.stringify([process.version, __dirname, texts]))
    .digest("hex");
}

/** Replaces the file in one step, so that nobody reads a half. Where nothing can be kept, each run bundles anew. */
function keep(bundled) {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(`${file}.${process.pid}`, v8.serialize(bundled));
    fs.renameSync(`${file}.${process.pid}`, file);
  } catch {}
}

/** Prints an error with its places in the sources; of an error in the arguments the message alone. */
function fail(error, map) {
  const places = new SourceMap(JSON.parse(decode(map)));
  const trace = String(error?.stack ?? error).replace(
    /([^\s(]+):(\d+):(\d+)/g,
    (place, name, line, column) => {
      const { fileName, lineNumber, columnNumber } = name === file ? places.findOrigin(+line, +column) : {};
      return fileName ? `${path.resolve(file, "..", fileName)}:${lineNumber}:${columnNumber}` : place;
    },
  );
  console.error(String(error?.code).startsWith("ERR_PARSE_ARGS") ? error.message : trace);
  process.exit(1);
}

if (fs.existsSync(program)) {
  run();
} else {
  console.error(`there is no program ${program}`);
  process.exitCode = 1;
}
