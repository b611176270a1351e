/*
 * Runs a TypeScript program of this project: node run.cjs main.ts [arguments]
 *
 * The program is bundled with all that it imports. The bundle and V8's compiled code of it are kept in
 * node_modules/.cache, in files named after the contents of all that went in. What has changed has another name, so
 * nothing there is ever stale, and two runs may write at once. `npm ci` removes them.
 */
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { createRequire, Module, SourceMap } = require("node:module");
const path = require("node:path");
const vm = require("node:vm");

const entry = entryFrom(process.argv[2]);
const folder = path.join(
  __dirname,
  "node_modules/.cache/run",
  path.relative(__dirname, entry).replace(/[^\w.-]/g, "_"),
);
/** What decides a bundle beside its sources. */
const ALWAYS = ["node_modules/.package-lock.json", "tsconfig.json", "run.cjs"];

function entryFrom(program = path.join(__dirname, "main.ts")) {
  try {
    return fs.realpathSync(program);
  } catch {
    console.error(`there is no program ${program}`);
    process.exit(1);
  }
}

async function run() {
  const sources = read("sources")?.toString().split("\n");
  const name = sources && nameFor(sources);
  const code = name && read(`${name}.js`)?.toString();
  const bundle = code ? { name, code } : await bundled();
  const file = path.join(folder, `${bundle.name}.js`);
  process.on("uncaughtException", (error) => fail(error, file));
  const cachedData = read(`${bundle.name}.v8`);
  const script = new vm.Script(Module.wrap(bundle.code), { filename: file, cachedData });
  if (!cachedData || script.cachedDataRejected) {
    process.on("exit", () => write(`${bundle.name}.v8`, script.createCachedData()));
  }
  process.argv.splice(1, 2, entry);
  script.runInThisContext()({}, createRequire(entry), module, entry, path.dirname(entry));
}

async function bundled() {
  const { metafile, outputFiles } = await require("esbuild").build({
    ...{
      entryPoints: [entry],
      outdir: folder,
      absWorkingDir: __dirname,
      bundle: true,
      write: false,
      metafile: true,
    },
    ...{ platform: "node", target: `node${process.versions.node}`, sourcemap: "external" },
    plugins: [{ name: "places", setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, withPlaces) }],
  });
  const [map, code] = outputFiles.map(({ text }) => text);
  const sources = [...ALWAYS, ...Object.keys(metafile.inputs).filter((name) => !/^node_modules/.test(name))];
  const name = nameFor(sources);
  prepareFolder(name);
  write(`${name}.js.map`, map);
  write(`${name}.js`, code);
  write("sources", sources.join("\n"));
  return { name, code };
}

/** Removes what is kept of other contents. Where nothing can be kept, each run bundles anew. */
function prepareFolder(name) {
  try {
    fs.mkdirSync(folder, { recursive: true });
    const outdated = fs
      .readdirSync(folder)
      .filter((file) => !file.startsWith(name) && !file.startsWith("sources"));
    for (const file of outdated) {
      fs.rmSync(path.join(folder, file), { force: true });
    }
  } catch {}
}

/** In a bundle, too, each source has its own `__filename` and `__dirname`. */
function withPlaces({ path: file }) {
  const text = fs.readFileSync(file, "utf8");
  const places = `const __filename = ${JSON.stringify(file)}, __dirname = ${JSON.stringify(path.dirname(file))};`;
  return { contents: /__(file|dir)name/.test(text) ? places + text : text, loader: "ts" };
}

function nameFor(sources) {
  const hash = createHash("sha256").update(process.version).update(__dirname);
  for (const source of sources) {
    hash.update(`\n${source}\n`).update(read(path.join(__dirname, source)) ?? "");
  }
  return hash.digest("hex").slice(0, 16);
}

function read(name) {
  try {
    return fs.readFileSync(path.resolve(folder, name));
  } catch {
    return undefined;
  }
}

/** In one step, so that nobody reads a half of it. What cannot be kept is made anew the next time. */
function write(name, content) {
  const file = path.join(folder, name);
  try {
    fs.writeFileSync(`${file}.${process.pid}`, content);
    fs.renameSync(`${file}.${process.pid}`, file);
  } catch {}
}

/** Prints an error with the places of its trace in the sources; of one in the arguments its message alone. */
function fail(error, file) {
  if (String(error?.code).startsWith("ERR_PARSE_ARGS")) {
    console.error(error.message);
    process.exit(1);
  }
  const map = new SourceMap(JSON.parse(read(`${file}.map`) ?? "{}"));
  const trace = String(error?.stack ?? error).replace(
    /([^\s(]+):(\d+):(\d+)/g,
    (place, name, line, column) => {
      const { fileName, lineNumber, columnNumber } = name === file ? map.findOrigin(+line, +column) : {};
      return fileName ? `${path.resolve(folder, fileName)}:${lineNumber}:${columnNumber}` : place;
    },
  );
  console.error(trace);
  process.exit(1);
}

run();
