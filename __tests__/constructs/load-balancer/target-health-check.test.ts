import { Lazy, Token } from "cdktf";
import fc from "fast-check";
import { type HealthCheck, healthCheck } from "../../../constructs/load-balancer/target-health-check";

const check = (
  props: Partial<HealthCheck>,
  protocol: "HTTP" | "HTTPS" = "HTTP",
  version: "HTTP1" | "GRPC" = "HTTP1",
) => healthCheck({ path: "/health", ...props }, protocol, version);

describe("a health check", () => {
  it("has AWS's own defaults", () => {
    expect(check({})).toEqual({
      enabled: true,
      path: "/health",
      port: "traffic-port",
      protocol: "HTTP",
      interval: 30,
      timeout: 5,
      healthyThreshold: 5,
      unhealthyThreshold: 2,
      matcher: "200",
    });
  });

  it("has every given value", () => {
    const given = {
      interval: 10,
      timeout: 9,
      healthyThreshold: 3,
      unhealthyThreshold: 4,
      matcher: "200-299",
    } as const;
    expect(check({ ...given, path: "/ready", port: 9000, protocol: "HTTPS" })).toEqual({
      ...given,
      enabled: true,
      path: "/ready",
      port: "9000",
      protocol: "HTTPS",
    });
  });

  it("has the protocol of the target group", () => {
    expect(check({}, "HTTPS").protocol).toBe("HTTPS");
  });

  it("expects the gRPC code for success over gRPC", () => {
    expect(check({}, "HTTP", "GRPC").matcher).toBe("0");
  });

  it("refuses a path that does not begin at the root", () => {
    expect(() => check({ path: "health" })).toThrow(
      'healthCheck.path must have 1 to 1024 characters that begin with "/"; got "health"',
    );
  });

  it("must time out before the next one begins", () => {
    expect(() => check({ timeout: 10, interval: 10 })).toThrow(
      "healthCheck.timeout (10 s) must be less than healthCheck.interval (10 s)",
    );
    expect(() => check({ timeout: 9, interval: 10 })).not.toThrow();
  });

  it("may have tokens for its times", () => {
    const seconds = Token.asNumber(Lazy.numberValue({ produce: () => 7 }));
    expect(() => check({ interval: seconds })).not.toThrow();
    expect(() => check({ timeout: seconds })).not.toThrow();
  });
});

describe("the matcher", () => {
  it.each(["200", "499", "200,204", "200-299", "200,400-499"])("may be %s over HTTP", (matcher) => {
    expect(check({ matcher }).matcher).toBe(matcher);
  });

  it.each(["199", "500", "200-500", "299-200", "200, 204", "2xx", "", "200,", "200-"])(
    "may not be %j over HTTP",
    (matcher) => {
      expect(() => check({ matcher })).toThrow("from 200 to 499");
    },
  );

  it.each(["0", "12", "0-99"])("may be %s over gRPC", (matcher) => {
    expect(check({ matcher }, "HTTP", "GRPC").matcher).toBe(matcher);
  });

  it.each(["100", "200"])("may not be %s over gRPC", (matcher) => {
    expect(() => check({ matcher }, "HTTP", "GRPC")).toThrow("from 0 to 99");
  });

  it("is accepted unchecked when it is a token", () => {
    const matcher = Lazy.stringValue({ produce: () => "x" });
    expect(check({ matcher }).matcher).toBe(matcher);
  });

  it("takes any range within the limits, and none outside", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.integer({ min: 100, max: 599 }), (first, last) => {
        const valid = first >= 200 && last >= first && last <= 499;
        const attempt = () => check({ matcher: `${first}-${last}` });
        if (valid) {
          expect(attempt).not.toThrow();
        } else {
          expect(attempt).toThrow("healthCheck.matcher");
        }
      }),
    );
  });
});
