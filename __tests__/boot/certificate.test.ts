import { createPrivateKey, X509Certificate } from "node:crypto";
import { statSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { CERTIFICATE_DIRECTORY, CERTIFICATE_FILE, KEY_FILE } from "../../config/servers/certificate";
import { FakeBox, scriptOf } from "./box";

const boxes: FakeBox[] = [];
afterAll(() => {
  for (const box of boxes) {
    box.remove();
  }
});

const DOCKER = "if [[ $1 == info ]]; then echo '{\"nvidia\":{}}'; fi";

/** A box whose server is to speak TLS, with nothing but what the certificate needs beside Docker. */
function boxWithTls(...tools: readonly string[]): FakeBox {
  const box = new FakeBox({ certificateDirectory: CERTIFICATE_DIRECTORY })
    .fake("docker", DOCKER)
    .fake("systemctl")
    .fake("dnf")
    .real("install", "chmod", "rm", ...tools);
  boxes.push(box);
  return box
    .set("CERTIFICATES", box.path("certificates"))
    .set("MEMINFO", box.file("meminfo", "MemTotal: 16777216 kB\n"));
}

/** What stands on the box where the container finds it under this name. */
const behind = (file: string) => file.replace(CERTIFICATE_DIRECTORY, "certificates/tls");
const keyOf = (box: FakeBox) => box.read(behind(KEY_FILE));
const certificateOf = (box: FakeBox) => new X509Certificate(box.read(behind(CERTIFICATE_FILE)));
const mode = (box: FakeBox, name: string) => (statSync(box.path(name)).mode & 0o777).toString(8);

describe("a server that is to speak TLS", () => {
  const box = boxWithTls("openssl");
  const started = box.run("model-server.sh", "start");

  it("starts", () => {
    expect(started).toMatchObject({ status: 0 });
    expect(box.calls("dnf")).toEqual([]);
  });

  it("finds its certificate where it was told, and cannot write there", () => {
    const [, , ...run] = box.calls("docker").find(([, command]) => command === "run") ?? [];
    expect(run.join(" ")).toContain(` --volume ${box.path("certificates/tls")}:/tls:ro `);
  });

  it("has a key of the curve P-256, which the certificate is of, for longer than any box lives", () => {
    const certificate = certificateOf(box);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    expect(certificate.checkPrivateKey(createPrivateKey(keyOf(box)))).toBe(true);
    const years = (Date.parse(certificate.validTo) - Date.now()) / (365 * 86_400_000);
    expect(years).toBeGreaterThan(9.9);
  });

  it("can read the key, whoever it runs as, and nobody else on the box gets at it but root", () => {
    expect(mode(box, "certificates")).toBe("700");
    expect(mode(box, "certificates/tls")).toBe("755");
    expect(mode(box, behind(KEY_FILE))).toBe("444");
  });

  it("gets another key whenever it starts", () => {
    const before = keyOf(box);
    expect(box.run("model-server.sh", "start")).toMatchObject({ status: 0 });
    expect(keyOf(box)).not.toBe(before);
    expect(certificateOf(box).checkPrivateKey(createPrivateKey(keyOf(box)))).toBe(true);
  });
});

describe("with that certificate", () => {
  const box = boxWithTls("openssl");
  let server: Server;
  let port = 0;

  beforeAll(async () => {
    box.run("model-server.sh", "start");
    const files = { key: keyOf(box), cert: box.read(behind(CERTIFICATE_FILE)) };
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

  async function asked(protocol: "http" | "https"): Promise<string> {
    const asking = new FakeBox({
      health: { protocol, port, path: "/health" },
      probe: {
        ...{ protocol, port, path: "/v1/completions", timeoutSeconds: 5 },
        ...{ body: '{"model":"{model}"}', expect: '"choices"' },
      },
    }).fake("docker");
    boxes.push(asking);
    return asking.bash(
      `source "$BOX_FACTS"; source '${scriptOf("probe.sh")}'
      if healthy; then echo healthy; fi; if probe 5; then echo answers; fi`,
    );
  }

  it("a server answers the health check and the probe of its box", async () => {
    expect(await asked("https")).toBe("healthy\nanswers\n");
  });

  it("a server answers none in the clear", async () => {
    expect(await asked("http")).toBe("");
  });
});

it("a machine image without openssl gets it", () => {
  const box = boxWithTls();
  box.run("model-server.sh", "start");
  expect(box.calls("dnf")).toEqual([["dnf", "install", "--assumeyes", "openssl"]]);
});

it("a server whose certificate cannot be made is not started", () => {
  const box = boxWithTls().fake("openssl", "exit 1");
  expect(box.run("model-server.sh", "start").status).not.toBe(0);
  expect(box.calls("docker").filter(([, command]) => command === "run")).toEqual([]);
});

it("a server in the clear gets no certificate", () => {
  const box = new FakeBox().fake("docker", DOCKER).fake("systemctl").fake("openssl");
  boxes.push(box.set("MEMINFO", box.file("meminfo", "MemTotal: 16777216 kB\n")));
  expect(box.run("model-server.sh", "start")).toMatchObject({ status: 0 });
  expect(box.calls("openssl")).toEqual([]);
  expect(box.calls("docker").flat()).not.toContain("--volume");
});
