import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerCertificate } from "@cdktf/provider-aws/lib/lb-listener-certificate";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { Fn, TerraformOutput, Testing, Token } from "cdktf";
import {
  ApplicationLoadBalancer,
  type ApplicationLoadBalancerProps,
} from "../../../constructs/load-balancer/application-load-balancer";
import { LogBucket } from "../../../constructs/storage/log-bucket";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

const minimal: ApplicationLoadBalancerProps = {
  name: "chat",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  scheme: "internet-facing",
  allowedCidrs: ["203.0.113.0/24"],
  listener: {
    protocol: "HTTPS",
    certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/certificate",
  },
  defaultAction: { notFound: {} },
};

function synthesize(
  props: Partial<ApplicationLoadBalancerProps> = {},
  use?: (alb: ApplicationLoadBalancer) => void,
) {
  const stack = new ServingStack(Testing.app(), "region");
  const alb = new ApplicationLoadBalancer(stack, "alb", { ...minimal, ...props });
  use?.(alb);
  const exposed = { ...alb, listener: alb.listener.arn, lb: alb.lb.id } as Record<string, unknown>;
  for (const what of ["lb", "listener", "securityGroupId", "arn", "arnSuffix", "dnsName", "zoneId"]) {
    new TerraformOutput(stack, what, { value: exposed[what], staticId: true });
  }
  const synthesized = Testing.synth(stack);
  const { resource, output } = JSON.parse(synthesized);
  return {
    synthesized,
    lb: resource.aws_lb.alb,
    listeners: resource.aws_lb_listener,
    ingress: resource.aws_vpc_security_group_ingress_rule,
    resource,
    output,
  };
}

describe("a load balancer with required props only", () => {
  const { synthesized, lb, listeners, ingress, output } = synthesize();

  it("is an application load balancer with public addresses in the subnets", () => {
    expect(synthesized).toHaveResourceWithProperties(Lb, {
      name: "chat",
      load_balancer_type: "application",
      internal: false,
      ip_address_type: "ipv4",
      subnets: ["subnet-a", "subnet-b"],
      security_groups: [`\${aws_security_group.alb_security-group.id}`],
    });
  });

  it("has a security group of its own in the network", () => {
    expect(synthesized).toHaveResourceWithProperties(SecurityGroup, {
      name_prefix: "chat-",
      vpc_id: "vpc-1",
    });
  });

  it("has the safe settings", () => {
    expect(synthesized).toHaveResourceWithProperties(Lb, {
      enable_zonal_shift: true,
      enable_deletion_protection: true,
      drop_invalid_header_fields: true,
      desync_mitigation_mode: "defensive",
      idle_timeout: 60,
      client_keep_alive: 3600,
    });
  });

  it("is created before the one it replaces is deleted, and so do its listeners", () => {
    expect(lb.lifecycle.create_before_destroy).toBe(true);
    expect(listeners.alb_http.lifecycle).toEqual({ create_before_destroy: true });
    expect(listeners.alb_https.lifecycle).toEqual({ create_before_destroy: true });
  });

  it("has no logs, no reserved capacity, no conditions and waits for nothing", () => {
    for (const absent of [
      "access_logs",
      "connection_logs",
      "health_check_logs",
      "minimum_load_balancer_capacity",
      "depends_on",
    ]) {
      expect(lb).not.toHaveProperty(absent);
    }
    expect(lb.lifecycle).not.toHaveProperty("precondition");
  });

  it("listens with TLS and the default policy on port 443", () => {
    expect(synthesized).toHaveResourceWithProperties(LbListener, {
      load_balancer_arn: `\${aws_lb.alb.arn}`,
      port: 443,
      protocol: "HTTPS",
      certificate_arn: "arn:aws:acm:us-east-1:123456789012:certificate/certificate",
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      default_action: [
        { type: "fixed-response", fixed_response: expect.objectContaining({ status_code: "404" }) },
      ],
    });
  });

  it("redirects HTTP to HTTPS permanently", () => {
    expect(synthesized).toHaveResourceWithProperties(LbListener, {
      load_balancer_arn: `\${aws_lb.alb.arn}`,
      port: 80,
      protocol: "HTTP",
      default_action: [
        { type: "redirect", redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" } },
      ],
    });
  });

  it("creates the redirect after the HTTPS listener", () => {
    expect(listeners.alb_http.depends_on).toEqual(["aws_lb_listener.alb_https"]);
  });

  it("allows the range on both ports", () => {
    expect(Object.keys(ingress).sort()).toEqual([
      "alb_security-group_http-from-203-0-113-0-24",
      "alb_security-group_https-from-203-0-113-0-24",
    ]);
    expect(ingress["alb_security-group_http-from-203-0-113-0-24"]).toMatchObject({
      from_port: 80,
      to_port: 80,
    });
    expect(ingress["alb_security-group_https-from-203-0-113-0-24"]).toMatchObject({
      from_port: 443,
      to_port: 443,
    });
  });

  it("outputs what other resources need", () => {
    expect(output).toMatchObject({
      lb: { value: `\${aws_lb.alb.id}` },
      listener: { value: `\${aws_lb_listener.alb_https.arn}` },
      securityGroupId: { value: `\${aws_security_group.alb_security-group.id}` },
      arn: { value: `\${aws_lb.alb.arn}` },
      arnSuffix: { value: `\${aws_lb.alb.arn_suffix}` },
      dnsName: { value: `\${aws_lb.alb.dns_name}` },
      zoneId: { value: `\${aws_lb.alb.zone_id}` },
    });
  });
});

describe("the HTTPS listener", () => {
  it("may have another policy", () => {
    const sslPolicy = "ELBSecurityPolicy-TLS13-1-3-2021-06";
    const { synthesized } = synthesize({
      listener: {
        protocol: "HTTPS",
        certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/c",
        sslPolicy,
      },
    });
    expect(synthesized).toHaveResourceWithProperties(LbListener, { port: 443, ssl_policy: sslPolicy });
  });

  it("may be the only listener, and then port 80 is closed", () => {
    const { listeners, ingress } = synthesize({
      listener: {
        protocol: "HTTPS",
        certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/c",
        redirectHttp: false,
      },
    });
    expect(Object.keys(listeners)).toEqual(["alb_https"]);
    expect(Object.keys(ingress)).toEqual(["alb_security-group_https-from-203-0-113-0-24"]);
  });

  it("may forward what no rule matches", () => {
    const { synthesized } = synthesize({
      defaultAction: {
        forwardTo: {
          targetGroups: [{ arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0" }],
        },
      },
    });
    expect(synthesized).toHaveResourceWithProperties(LbListener, {
      port: 443,
      default_action: [
        {
          type: "forward",
          forward: {
            target_group: [
              { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0", weight: 1 },
            ],
            stickiness: { enabled: false, duration: 3600 },
          },
        },
      ],
    });
  });
});

describe("the HTTP listener", () => {
  const plain = synthesize({ listener: { protocol: "HTTP" } });

  it("is the only one, on port 80, with the default action and no TLS", () => {
    expect(Object.keys(plain.listeners)).toEqual(["alb_http"]);
    expect(plain.synthesized).toHaveResourceWithProperties(LbListener, {
      port: 80,
      protocol: "HTTP",
      default_action: [expect.objectContaining({ type: "fixed-response" })],
    });
    expect(plain.listeners.alb_http).not.toHaveProperty("certificate_arn");
    expect(plain.listeners.alb_http).not.toHaveProperty("ssl_policy");
  });

  it("is the listener for the rules", () => {
    expect(plain.output.listener.value).toBe(`\${aws_lb_listener.alb_http.arn}`);
  });

  it("opens its own port and no other", () => {
    const { synthesized, ingress } = synthesize({ listener: { protocol: "HTTP", port: 8080 } });
    expect(synthesized).toHaveResourceWithProperties(LbListener, { port: 8080, protocol: "HTTP" });
    expect(Object.values(ingress)).toEqual([expect.objectContaining({ from_port: 8080, to_port: 8080 })]);
  });

  it("is the one that redirects once there is a certificate, so that port 80 never has two listeners", () => {
    expect(Object.keys(synthesize().listeners)).toContain(Object.keys(plain.listeners)[0]);
  });
});

describe("settings of a load balancer", () => {
  it.each([
    [{ scheme: "internal" }, { internal: true }],
    [{ ipAddressType: "dualstack" }, { ip_address_type: "dualstack" }],
    [{ idleTimeout: 300 }, { idle_timeout: 300 }],
    [{ clientKeepAlive: 60 }, { client_keep_alive: 60 }],
    [{ enableZonalShift: false }, { enable_zonal_shift: false }],
    [{ deletionProtection: false }, { enable_deletion_protection: false }],
    [{ dropInvalidHeaders: false }, { drop_invalid_header_fields: false }],
    [{ desyncMitigation: "strictest" }, { desync_mitigation_mode: "strictest" }],
    [{ reservedCapacityUnits: 100 }, { minimum_load_balancer_capacity: { capacity_units: 100 } }],
    [
      { accessLogs: { bucket: "example-logs", prefix: "p" } },
      { access_logs: { enabled: true, bucket: "example-logs", prefix: "p" } },
    ],
    [
      { connectionLogs: { bucket: "example-logs" } },
      { connection_logs: { enabled: true, bucket: "example-logs" } },
    ],
    [
      { healthCheckLogs: { bucket: "example-logs" } },
      { health_check_logs: { enabled: true, bucket: "example-logs" } },
    ],
  ] as [Partial<ApplicationLoadBalancerProps>, Record<string, unknown>][])("%j", (props, expected) => {
    expect(synthesize(props).synthesized).toHaveResourceWithProperties(Lb, expected);
  });

  it("preconditions", () => {
    const { lb } = synthesize({
      preconditions: [{ condition: `\${1 + 1 == 2}`, errorMessage: "Arithmetic fails." }],
    });
    expect(lb.lifecycle.precondition).toEqual([
      { condition: `\${1 + 1 == 2}`, error_message: "Arithmetic fails." },
    ]);
  });

  it("dependencies", () => {
    const stack = new ServingStack(Testing.app(), "region");
    const logs = new LogBucket(stack, "logs", { bucketPrefix: "chat-" });
    new ApplicationLoadBalancer(stack, "alb", {
      ...minimal,
      accessLogs: { bucket: logs.bucketName },
      dependsOn: [logs.policy],
    });
    expect(Testing.synth(stack)).toHaveResourceWithProperties(Lb, {
      depends_on: ["aws_s3_bucket_policy.logs_policy"],
    });
  });

  it("tags of all its parts", () => {
    const tags = { Team: "ml" };
    const { resource } = synthesize({ tags }, (alb) => alb.allowTo("llama", "sg-instances", 8000));
    for (const all of Object.values<Record<string, object>>(resource)) {
      for (const one of Object.values(all)) {
        expect(one).toMatchObject({ tags });
      }
    }
  });

  it("subnets that are tokens", () => {
    const subnetIds = Token.asList(Fn.slice(["subnet-a", "subnet-b", "subnet-c"], 0, 2));
    expect(synthesize({ subnetIds }).synthesized).toHaveResourceWithProperties(Lb, {
      subnets: `\${slice(["subnet-a", "subnet-b", "subnet-c"], 0, 2)}`,
    });
  });

  it("IPv6 ranges, when it has IPv6 addresses", () => {
    const { ingress } = synthesize({ ipAddressType: "dualstack", allowedCidrs: ["::/0"] });
    expect(ingress["alb_security-group_https-from----0"].cidr_ipv6).toBe("::/0");
  });

  it("prefix lists and security groups, at each of its ports", () => {
    const { ingress } = synthesize({
      allowedPrefixListIds: ["pl-01234567"],
      allowedSecurityGroupIds: ["sg-01234567"],
    });
    for (const [id, port] of [
      ["https", 443],
      ["http", 80],
    ] as const) {
      const ports = { from_port: port, to_port: port, ip_protocol: "tcp" };
      expect(ingress[`alb_security-group_${id}-from-pl-01234567`]).toMatchObject({
        ...ports,
        prefix_list_id: "pl-01234567",
      });
      expect(ingress[`alb_security-group_${id}-from-sg-01234567`]).toMatchObject({
        ...ports,
        referenced_security_group_id: "sg-01234567",
      });
    }
  });

  it("an empty list of allowed ranges", () => {
    expect(synthesize({ allowedCidrs: [] }).ingress).toBeUndefined();
  });
});

describe("egress of a load balancer", () => {
  it("is not allowed by default", () => {
    expect(synthesize().resource).not.toHaveProperty("aws_vpc_security_group_egress_rule");
  });

  it("is allowed to a port of a given security group", () => {
    const { synthesized, resource } = synthesize({}, (alb) => alb.allowTo("llama", "sg-instances", 8000));
    expect(Object.keys(resource.aws_vpc_security_group_egress_rule)).toEqual(["alb_security-group_to-llama"]);
    expect(synthesized).toHaveResourceWithProperties(VpcSecurityGroupEgressRule, {
      security_group_id: `\${aws_security_group.alb_security-group.id}`,
      referenced_security_group_id: "sg-instances",
      from_port: 8000,
      to_port: 8000,
    });
  });
});

describe("a load balancer refuses", () => {
  it.each([
    [{ name: "internal-chat" }, 'not beginning with "internal-"; got "internal-chat"'],
    [{ accessLogs: { bucket: "example-logs", prefix: "AWSLogs" } }, "AWSLogs"],
    [{ connectionLogs: { bucket: "example-logs", prefix: "AWSLogs" } }, "AWSLogs"],
    [{ healthCheckLogs: { bucket: "example-logs", prefix: "AWSLogs" } }, "AWSLogs"],
    [{ allowedCidrs: ["::/0"] }, "allowed range ::/0 is IPv6"],
    [{ allowedCidrs: ["10.0.0.0/8", "office"] }, 'allowed range "office" is not an address range'],
    [{ subnetIds: ["subnet-a"] }, "subnetIds holds 1 subnet(s)"],
    [{ subnetIds: ["subnet-a", "subnet-a"] }, "a load balancer needs one in each of at least two zones"],
    [{ defaultAction: { forwardTo: { targetGroups: [] } } }, "number of target groups"],
  ] as [Partial<ApplicationLoadBalancerProps>, string][])("%j", (props, message) => {
    expect(() => synthesize(props)).toThrow(message);
  });
});

describe("a prefix list", () => {
  it("is allowed on the port that serves, and not on the one that redirects", () => {
    const { ingress } = synthesize({}, (alb) => alb.allowFromPrefixList("checkers", "pl-1"));
    const ofList = Object.values<{ prefix_list_id?: string; from_port: number }>(ingress).filter(
      ({ prefix_list_id }) => prefix_list_id === "pl-1",
    );
    expect(ofList.map(({ from_port }) => from_port)).toEqual([443]);
  });

  it("is allowed on the port of an HTTP listener", () => {
    const { ingress } = synthesize({ listener: { protocol: "HTTP", port: 8080 } }, (alb) =>
      alb.allowFromPrefixList("checkers", "pl-1"),
    );
    expect(ingress["alb_security-group_http-from-checkers"]).toMatchObject({
      from_port: 8080,
      to_port: 8080,
    });
  });
});

describe("another certificate", () => {
  it("is added to the HTTPS listener", () => {
    const { synthesized } = synthesize({}, (alb) =>
      alb.addCertificate(alb, "shown", "arn:aws:acm:us-east-1:123456789012:certificate/another"),
    );
    expect(synthesized).toHaveResourceWithProperties(LbListenerCertificate, {
      listener_arn: `\${aws_lb_listener.alb_https.arn}`,
      certificate_arn: "arn:aws:acm:us-east-1:123456789012:certificate/another",
      lifecycle: { create_before_destroy: true },
    });
  });

  it("is refused by a listener for HTTP", () => {
    expect(() =>
      synthesize({ listener: { protocol: "HTTP" } }, (alb) =>
        alb.addCertificate(alb, "shown", "arn:aws:acm:us-east-1:123456789012:certificate/another"),
      ),
    ).toThrow("a listener for HTTP has no certificates");
  });
});
