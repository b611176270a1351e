import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import "cdktf/lib/testing/adapters/jest";
import { filesOf } from "../boot/facts";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { resourcesOfType, synthesized } from "../support/synthesis";

type WrittenModel = WrittenFile["models"][string];

const OPTIMIZER = {
  maxConcurrency: 8,
  image: "public.ecr.aws/aws-elb/target-optimizer/target-control-agent:1",
};

/** The stack of the only region, with a model of these settings. */
function built(settings: Partial<WrittenModel>) {
  const { deployment } = valid({ ...validFile(), models: { llama: { ...validModel(), ...settings } } });
  const region = synthesized(deployment)["us-east-1"];
  const [group] = resourcesOfType(region, "aws_lb_target_group");
  const [template] = resourcesOfType(region, "aws_launch_template");
  const facts = filesOf(Buffer.from(template.user_data, "base64")).get("/etc/model-server/instance.sh") ?? "";
  const fact = (name: string) => new RegExp(`^INSTANCE_${name}=(.*)$`, "m").exec(facts)?.[1];
  /** How the agent asks the server for its metrics. */
  const metricsScheme = /"scheme":"(\w+)"/.exec(fact("PROMETHEUS") ?? "")?.[1];
  const tags = Object.assign(
    {},
    ...template.tag_specifications.map(({ tags: each }: { tags: object }) => each),
  );
  return { text: JSON.stringify(region), group, fact, metricsScheme, tags };
}

describe("a model whose instances speak TLS", () => {
  const { text, fact, metricsScheme, tags, group } = built({ targetTls: true });

  it("gets its requests and its health checks over TLS", () => {
    expect(text).toHaveResourceWithProperties(LbTargetGroup, {
      protocol: "HTTPS",
      port: 8000,
      health_check: expect.objectContaining({
        protocol: "HTTPS",
        port: "traffic-port",
        path: "/health",
      }),
    });
  });

  it("gets the instance's own health check, probe and metrics requests over TLS too", () => {
    expect([fact("HEALTH_PROTOCOL"), fact("PROBE_PROTOCOL"), metricsScheme]).toEqual([
      "'https'",
      "'https'",
      "https",
    ]);
  });

  it("uses the certificate that the instance makes", () => {
    expect(fact("CERTIFICATE_DIRECTORY")).toBe("'/tls'");
    expect(fact("ARGUMENTS")).toContain(
      "'--ssl-certfile' '/tls/certificate.pem' '--ssl-keyfile' '/tls/key.pem'",
    );
  });

  it("states the protocol of its metrics in a tag", () => {
    expect(tags).toMatchObject({ "metrics-port": "8000", "metrics-scheme": "https" });
  });

  it("has another target group, which is created before the HTTP one is destroyed", () => {
    expect(group.name).not.toBe(built({}).group.name);
    expect(group.lifecycle).toEqual({ create_before_destroy: true });
  });
});

describe("a model without TLS", () => {
  const { text, fact, metricsScheme, tags } = built({});

  it("gets all requests over HTTP, and has no certificate", () => {
    expect(text).toHaveResourceWithProperties(LbTargetGroup, {
      protocol: "HTTP",
      health_check: expect.objectContaining({ protocol: "HTTP" }),
    });
    expect([fact("HEALTH_PROTOCOL"), fact("PROBE_PROTOCOL"), metricsScheme]).toEqual([
      "'http'",
      "'http'",
      "http",
    ]);
    expect(fact("CERTIFICATE_DIRECTORY")).toBe("''");
    expect(fact("ARGUMENTS")).not.toContain("ssl");
    expect(tags).not.toHaveProperty("metrics-scheme");
  });
});

describe("other ports of a server that speaks TLS", () => {
  const { text, fact, metricsScheme, tags } = built({
    targetTls: true,
    health: { port: 9000 },
    probe: { path: "/ask", port: 9001 },
    metrics: { port: 9002, path: "/metrics" },
  });

  it("are without TLS, such as the metrics port of Triton", () => {
    expect(text).toHaveResourceWithProperties(LbTargetGroup, {
      protocol: "HTTPS",
      health_check: expect.objectContaining({ protocol: "HTTP", port: "9000" }),
    });
    expect([fact("HEALTH_PROTOCOL"), fact("PROBE_PROTOCOL"), metricsScheme]).toEqual([
      "'http'",
      "'http'",
      "http",
    ]);
    expect(tags).not.toHaveProperty("metrics-scheme");
  });
});

describe("with Target Optimizer", () => {
  const { group, fact } = built({
    server: "triton",
    targetTls: true,
    targetOptimizer: OPTIMIZER,
    probe: "health",
  });
  const probed = built({ targetTls: true, targetOptimizer: OPTIMIZER });

  it("the agent speaks TLS, to the load balancer and to the instance's own health check", () => {
    expect(group).toMatchObject({
      protocol: "HTTPS",
      port: 3001,
      health_check: { protocol: "HTTPS", port: "traffic-port" },
    });
    expect(fact("HEALTH_PROTOCOL")).toBe("'https'");
  });

  it("the server behind it gets requests on the instance alone, without TLS", () => {
    expect([probed.fact("PROBE_PROTOCOL"), probed.metricsScheme]).toEqual(["'http'", "http"]);
    expect(probed.fact("CERTIFICATE_DIRECTORY")).toBe("''");
    expect(probed.fact("ARGUMENTS")).not.toContain("ssl");
  });
});

it("over gRPC a connection is the health check of an instance", () => {
  const { group, fact, metricsScheme } = built({
    server: "triton",
    protocol: "grpc",
    targetTls: true,
    probe: "health",
  });
  expect(group).toMatchObject({
    protocol: "HTTPS",
    protocol_version: "GRPC",
    port: 8001,
    health_check: { protocol: "HTTPS" },
  });
  expect(fact("HEALTH_PROTOCOL")).toBe("'tcp'");
  expect(metricsScheme).toBe("http");
  expect(fact("ARGUMENTS")).toContain("'--grpc-use-ssl' 'true'");
});
