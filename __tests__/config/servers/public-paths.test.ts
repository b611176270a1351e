import { globOf, openingsOf, opens } from "../../../config/plan/public-paths";
import { pathRegexes } from "../../../config/routes/path-regexes";
import type { ModelFile } from "../../../config/schema/model";
import { publicPathsOf, type ServerName, serverPresets } from "../../../config/servers/presets";
import { valid, validFile, validModel } from "../../support/serving-file";

const servers = [...Object.keys(serverPresets), "custom"] as ServerName[];

/** Requests of a path or a pattern of paths: an example of it. */
const example = (path: string) => path.replace(/\{[^}]*\}/g, "some-1").replaceAll("*", "x");

describe.each(servers)("the public paths of %s", (server) => {
  const paths = publicPathsOf(server);
  const { GET, POST, grpc = [], notForCallers, notForCallersWith = {}, withoutKey = [], source } = paths;
  const open = [...GET, ...POST].map(globOf);
  const kept = [...notForCallers, ...Object.values(notForCallersWith).flat()].map(
    (each) => each.split(" ") as [string, string],
  );
  const model = { ...Object.values(valid(validFile()).file.models)[0], server } as ModelFile;

  test("have a source, and are paths", () => {
    expect(source).toMatch(/\w/);
    expect([...GET, ...POST, ...grpc].filter((path) => !/^\/[\w./{}-]*$/.test(path))).toEqual([]);
    expect(new Set(open).size).toBe(open.length);
  });

  test("leave out what callers must not have, by either method", () => {
    for (const [method, path] of kept) {
      const openings = openingsOf({ ...model, protocol: method === "GRPC" ? "grpc" : "http1" }, "no key");
      // A rule lets GET and POST through to all its paths.
      const asked = method === "GRPC" ? "POST" : method;
      expect([method, path, opens(openings, asked, example(path))]).toEqual([method, path, false]);
    }
  });

  test("are matched by few regular expressions, and nothing that must be kept is", () => {
    const regexes = pathRegexes(open.map((path) => `/some-model${path}`));
    const matches = (path: string) => regexes.some(({ regex }) => new RegExp(regex).test(path));
    expect(regexes.length).toBeLessThanOrEqual(3);
    expect(regexes.filter(({ regex }) => regex.length > 128)).toEqual([]);
    expect([...GET, ...POST].filter((path) => !matches(`/some-model${example(path)}`))).toEqual([]);
    expect(open.filter(matches)).toEqual([]);
    expect(["/some-model/v1/models/a/b", "/some-model/pause", "/some-model/v1/x"].filter(matches)).toEqual(
      [],
    );
    const byOpenMethods = kept.filter(([method]) => method === "GET" || method === "POST");
    expect(byOpenMethods.map(([, path]) => `/some-model${example(path)}`).filter(matches)).toEqual([]);
  });

  test("that its key does not guard are no part of them where there is a key", () => {
    const withKey = openingsOf(model, "with others");
    expect(withKey).not.toBe("everything");
    const left = withKey === "everything" ? [] : withKey.flatMap((group) => group.paths);
    expect(withoutKey.filter((path) => left.includes(globOf(path)))).toEqual([]);
  });
});

test("a written list replaces them, preset stands for them, and a method has rules of its own", () => {
  const openings = (publicPaths: ReturnType<typeof validModel>["publicPaths"]) =>
    valid({ ...validFile(), models: { llama: { ...validModel(), publicPaths } } }).deployment.regions[0]
      ?.models[0]?.opens;
  expect(openings(["/v1/embeddings"])).toEqual([{ methods: ["GET", "POST"], paths: ["/v1/embeddings"] }]);
  expect(openings([{ path: "/v1/*", method: "OPTIONS" }, "/pooling"])).toEqual([
    { methods: ["OPTIONS"], paths: ["/v1/*"] },
    { methods: ["GET", "POST"], paths: ["/pooling"] },
  ]);
  const [all] = openings(["preset", "/version"]) ?? [];
  expect(all).toMatchObject({ paths: expect.arrayContaining(["/v1/chat/completions", "/version"]) });
  expect(openings("every-path-of-the-server")).toBe("everything");
});
