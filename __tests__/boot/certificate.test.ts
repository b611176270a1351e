import { createPrivateKey, X509Certificate } from "node:crypto";
import { statSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { CERTIFICATE_DIRECTORY, CERTIFICATE_FILE, KEY_FILE } from "../../config/servers/certificate";
import { FakeInstance, scriptOf } from "./instance";

const instances: FakeInstance[] = [];
afterAll(() => {
  for (const instance of instances) {
    instance.remove();
  }
});

const DOCKER = "if [[ $1 == info ]]; then echo '{\"nvidia\":{}} true'; fi";

/** An instance whose server uses TLS, with only the programs that the certificate needs beside Docker. */
function instanceWithTls(...tools: readonly string[]): FakeInstance {
  const instance = new FakeInstance({ certificateDirectory: CERTIFICATE_DIRECTORY })
    .fake("docker", DOCKER)
    .fake("systemctl")
    .fake("dnf")
    .real("install", "chmod", "rm", ...tools);
  instances.push(instance);
  return instance
    .set("CERTIFICATES", instance.path("certificates"))
    .set("MEMINFO", instance.file("meminfo", "MemTotal: 16777216 kB\n"));
}

/** The path on the instance of a path in the container. */
const behind = (file: string) => file.replace(CERTIFICATE_DIRECTORY, "certificates/tls");
const keyOf = (instance: FakeInstance) => instance.read(behind(KEY_FILE));
const certificateOf = (instance: FakeInstance) =>
  new X509Certificate(instance.read(behind(CERTIFICATE_FILE)));
const mode = (instance: FakeInstance, name: string) =>
  (statSync(instance.path(name)).mode & 0o777).toString(8);

describe("a server that uses TLS", () => {
  const instance = instanceWithTls("openssl");
  const started = instance.run("model-server.sh", "start");

  it("starts", () => {
    expect(started).toMatchObject({ status: 0 });
    expect(instance.calls("dnf")).toEqual([]);
  });

  it("has its certificate in the configured folder, read-only", () => {
    const [, , ...run] = instance.calls("docker").find(([, command]) => command === "run") ?? [];
    expect(run.join(" ")).toContain(` --volume ${instance.path("certificates/tls")}:/tls:ro `);
  });

  it("has a certificate of a P-256 key, valid for longer than any instance lives", () => {
    const certificate = certificateOf(instance);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    expect(certificate.checkPrivateKey(createPrivateKey(keyOf(instance)))).toBe(true);
    const years = (Date.parse(certificate.validTo) - Date.now()) / (365 * 86_400_000);
    expect(years).toBeGreaterThan(9.9);
  });

  it("can read the key as any user of the container; on the instance only root can", () => {
    expect(mode(instance, "certificates")).toBe("700");
    expect(mode(instance, "certificates/tls")).toBe("755");
    expect(mode(instance, behind(KEY_FILE))).toBe("444");
  });

  it("gets another key whenever it starts", () => {
    const before = keyOf(instance);
    expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(keyOf(instance)).not.toBe(before);
    expect(certificateOf(instance).checkPrivateKey(createPrivateKey(keyOf(instance)))).toBe(true);
  });
});

describe("with that certificate", () => {
  const instance = instanceWithTls("openssl");
  let server: Server;
  let port = 0;

  beforeAll(async () => {
    instance.run("model-server.sh", "start");
    const files = { key: keyOf(instance), cert: instance.read(behind(CERTIFICATE_FILE)) };
    server = createServer(files, ({ url }, response) => {
      const answers: Readonly<Record<string, string>> = {
        "/health": "",
        "/v1/models": '{"data":[{"id":"llama"}]}',
        "/v1/completions": '{"choices":[]}',
      };
      const answer = answers[url ?? ""];
      response.writeHead(answer === undefined ? 404 : 200).end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  async function answersOver(protocol: "http" | "https"): Promise<string> {
    const asking = new FakeInstance({
      health: { protocol, port, path: "/health" },
      probe: {
        ...{ protocol, port, path: "/v1/completions", timeoutSeconds: 5 },
        ...{ body: '{"model":"{model}"}', expect: '"choices"' },
      },
    }).fake("docker");
    instances.push(asking);
    return asking.bash(
      `source "$INSTANCE_FACTS"; source '${scriptOf("probe.sh")}'
      if healthy; then echo healthy; fi; if probe 5; then echo answers; fi`,
    );
  }

  it("a server answers the health check and the probe of its instance", async () => {
    expect(await answersOver("https")).toBe("healthy\nanswers\n");
  });

  it("a server answers neither over HTTP", async () => {
    expect(await answersOver("http")).toBe("");
  });
});

it("openssl is installed on a machine image without it", () => {
  const instance = instanceWithTls();
  instance.run("model-server.sh", "start");
  expect(instance.calls("dnf")).toEqual([["dnf", "install", "--assumeyes", "openssl"]]);
});

it("a server whose certificate cannot be made is not started", () => {
  const instance = instanceWithTls().fake("openssl", "exit 1");
  expect(instance.run("model-server.sh", "start").status).not.toBe(0);
  expect(instance.calls("docker").filter(([, command]) => command === "run")).toEqual([]);
});

it("a server without TLS gets no certificate", () => {
  const instance = new FakeInstance().fake("docker", DOCKER).fake("systemctl").fake("openssl");
  instances.push(instance.set("MEMINFO", instance.file("meminfo", "MemTotal: 16777216 kB\n")));
  expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
  expect(instance.calls("openssl")).toEqual([]);
  expect(instance.calls("docker").flat()).not.toContain("--volume");
});
