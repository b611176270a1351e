import fc from "fast-check";
import type { Model } from "../../../config/plan/model";
import { modelUrl } from "../../../config/plan/urls";
import { contains } from "../../../config/routes/containment";
import { arbitraryServingFile } from "../../support/arbitrary-serving-file";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

type WrittenRoutes = WrittenFile["models"][string]["routes"];

const HOST = "us-east-1.models.example.com";
const OWN = `https://${HOST}`;

function modelOf(routes: WrittenRoutes, defaultModel?: string): Model {
  const { entry, ...file } = validFile();
  const { deployment } = valid({
    ...file,
    entry: { ...entry, default: defaultModel },
    models: { llama: { ...validModel(), routes } },
  });
  return deployment.regions[0]?.models[0] as Model;
}

const urlOf = (routes: WrittenRoutes, defaultModel?: string) =>
  modelUrl(modelOf(routes, defaultModel), defaultModel, { url: OWN, hostName: HOST });

describe("the URL of a model", () => {
  test.each<[string, WrittenRoutes, string]>([
    ["without routes is its own name", undefined, `${OWN}/llama/`],
    ["is the beginning of its first path", [{ path: ["/b/*", "/a/*"] }, { path: "/c" }], `${OWN}/b/`],
    ["is a path as it stands", [{ path: "/v1/llama" }], `${OWN}/v1/llama`],
    ["is the endpoint where headers select the model", [{ headers: { "x-model": "llama" } }], OWN],
    [
      "is that of a route without headers and parameters, before others",
      [{ headers: { "x-model": "a" } }, { path: "/q", query: { value: "a" } }, { path: "/a/*" }],
      `${OWN}/a/`,
    ],
    ["is that of a host that is the stack's", [{ host: [HOST.toUpperCase()], path: "/a/*" }], `${OWN}/a/`],
    ["is that of a pattern that takes it", [{ host: "*.example.com", path: "/a/*" }], `${OWN}/a/`],
    [
      "is the stack's own before another host",
      [{ host: ["a.example.com", HOST], path: "/a/*" }],
      `${OWN}/a/`,
    ],
    [
      "is that of a route that answers here, before others",
      [
        { host: "eu-west-1.models.example.com", path: "/w/*" },
        { host: HOST, path: "/v1/*" },
      ],
      `${OWN}/v1/`,
    ],
    [
      "is that of the first host, when none is the stack's",
      [{ host: ["*.b.example.com", "Models.example.com", "a.example.com"], path: "/a/*" }],
      "https://models.example.com/a/",
    ],
    ["is a host without a path", [{ host: "a.example.com" }], "https://a.example.com"],
    [
      "is by a regular expression of hosts",
      [{ hostRegex: "^us-east-1\\.", path: "/a" }, { path: "/b" }],
      `${OWN}/b`,
    ],
    ["is by one that takes all of the name", [{ hostRegex: "^us-.*\\.com$", path: "/a" }], `${OWN}/a`],
    [
      "is by one that takes any path",
      [{ pathRegex: "^/.*$", host: "a.example.com" }],
      "https://a.example.com",
    ],
    [
      "is that of another route, when the first gives none",
      [{ host: "*.b.example.com" }, { pathRegex: "^/a+$" }, { path: ["/*/llama", "/a?", "/a/*"] }],
      `${OWN}/a/`,
    ],
  ])("%s", (_what, routes, url) => {
    expect(urlOf(routes)).toBe(url);
  });

  test.each<[string, WrittenRoutes]>([
    ["hosts are all patterns", [{ host: "*.b.example.com", path: "/a/*" }]],
    ["paths are regular expressions", [{ pathRegex: "^/a+$" }]],
    ["paths go on behind a wildcard", [{ path: "/*/llama" }]],
    ["hosts are a regular expression", [{ hostRegex: "^b\\.example\\.com$" }]],
  ])("is undefined where %s", (_what, routes) => {
    expect(urlOf(routes)).toBeUndefined();
    expect(urlOf(routes, "llama")).toBe(OWN);
  });

  test("is the endpoint of the default model", () => {
    expect(urlOf(undefined, "llama")).toBe(OWN);
  });

  test("is by a host that has to be named, where AWS names the load balancer", () => {
    const urlAtBalancer = (...routes: NonNullable<WrittenRoutes>) =>
      modelUrl(modelOf(routes), undefined, { url: "http://made.by.aws" });
    expect(urlAtBalancer({ host: "*.com" })).toBeUndefined();
    expect(urlAtBalancer({ host: "*.com" }, { hostRegex: ".*" })).toBe("http://made.by.aws");
    expect(urlAtBalancer({ host: "a.example.com" })).toBe("http://a.example.com");
  });

  test("is one that a route of the model takes, as far as host and path go", () => {
    fc.assert(
      fc.property(arbitraryServingFile({ regions: 1 }), (written) => {
        const { deployment } = valid(written);
        for (const { entry, models } of deployment.regions) {
          const endpoint = { url: "https://own.example.com", hostName: "own.example.com" };
          for (const model of models) {
            const { hostname, pathname } = new URL(modelUrl(model, entry.default, endpoint) ?? endpoint.url);
            const isTaken = model.routes.some(({ host = ["*"], path = ["/*"] }) =>
              contains({ host, path }, { host: [hostname], path: [pathname] }),
            );
            expect({ isTaken, isDefault: model.name === entry.default }).not.toEqual({
              isTaken: false,
              isDefault: false,
            });
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
