/** How Jest reads TypeScript, in all its configurations: without checking types. So it reads jose, which has ES modules alone. */
module.exports = {
  "^.+\\.ts$|/node_modules/jose/.+\\.js$": [
    "@swc/jest",
    { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
  ],
};
