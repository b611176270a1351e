import { fromSynthesized } from "../../review/read-synthesized";
import { type Review, review } from "../../review/review";
import { failOnIn, failures } from "../../scripts/review/fail-on";
import type { Json } from "../../testing/terraform/json";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { synthesized } from "../support/synthesis";
import { reviewOfFiles } from "./synthesized";

const stacks = (): Record<string, Json> =>
  structuredClone({ ...synthesized(valid(validFile()).deployment) } as Record<string, Json>);

/** The review of a change of the Terraform of us-east-1, which no file says. */
function reviewOf(change: (resource: Json) => void): Review {
  const [before, after] = [stacks(), stacks()];
  change(after["us-east-1"].resource);
  return review(fromSynthesized(before, after), {});
}

const withEntry = (entry: object): WrittenFile =>
  ({ ...validFile(), entry: { ...validFile().entry, ...entry } }) as WrittenFile;
const JWT = { jwt: { issuer: "https://login.example.com/", jwks: "https://login.example.com/keys" } };

test.each<[string, (resource: Json) => void, RegExp]>([
  [
    "groups that end under their rules",
    (resource) => {
      delete resource.aws_autoscaling_group;
    },
    /^interrupts llama main$/,
  ],
  [
    "a group without any instance",
    ({ aws_autoscaling_group }) => {
      for (const group of Object.values<Json>(aws_autoscaling_group)) {
        Object.assign(group, { min_size: 0, max_size: 0 });
      }
    },
    /^interrupts llama main$/,
  ],
  [
    "a listener at another port",
    ({ aws_lb_listener }) => {
      for (const listener of Object.values<Json>(aws_lb_listener)) {
        listener.port = listener.port === 443 ? 8443 : listener.port;
      }
    },
    /^interrupts requests such as .* \(nothing listens at port 443\)$/,
  ],
  [
    "a listener without encryption",
    ({ aws_lb_listener }) => {
      for (const listener of Object.values<Json>(aws_lb_listener)) {
        listener.protocol = "HTTP";
        delete listener.ssl_policy;
        delete listener.certificate_arn;
      }
    },
    /^interrupts requests such as .* \(port 443 speaks HTTP now\)$/,
  ],
  [
    "a redirect that goes",
    ({ aws_lb_listener }) => {
      for (const [name, { port }] of Object.entries<Json>(aws_lb_listener)) {
        if (port === 80) {
          delete aws_lb_listener[name];
        }
      }
    },
    /^interrupts requests such as .* \(nothing listens at port 80\)$/,
  ],
  [
    "a load balancer that goes",
    (resource) => {
      delete resource.aws_lb;
    },
    /^interrupts all requests to us-east-1$/,
  ],
  [
    "all that goes",
    (resource) => {
      for (const type of Object.keys(resource)) {
        delete resource[type];
      }
    },
    /^interrupts .*\ball requests to us-east-1\b/,
  ],
  [
    "all rules that let clients in",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      for (const name of Object.keys(rules)) {
        if (name.startsWith("entry_")) {
          delete rules[name];
        }
      }
    },
    /^interrupts clients of 203\.0\.113\.0\/24$/,
  ],
])("%s interrupt", (_, change, line) => {
  const found = reviewOf(change);
  expect(found.verdict).toEqual({ kind: "interrupts", line: expect.stringMatching(line) });
  expect(failures(found, failOnIn("interrupt"))).toEqual(["--fail-on interrupt"]);
});

test("a record of another name interrupts clients of the one of before, if that is a client's", () => {
  const lifecycle = { create_before_destroy: true };
  const record = (name: string) => ({
    zone_id: "Z1",
    name,
    type: "A",
    records: ["192.0.2.1"],
    ttl: 60,
    lifecycle,
  });
  const stack = (name: string) => ({ global: { resource: { aws_route53_record: { name: record(name) } } } });
  const lineOf = (before: string, after: string) =>
    review(fromSynthesized(stack(before), stack(after)), {}).verdict.line;
  expect(lineOf("models.example.com", "llm.example.com")).toBe("interrupts clients of models.example.com");
  expect(lineOf("_eu.models.example.com", "_us.models.example.com")).not.toContain("interrupts");
});

test("a name without a record interrupts its clients", () => {
  const record = { zone_id: "Z1", name: "models.example.com", type: "A", records: ["192.0.2.1"], ttl: 60 };
  const other = { ...record, name: "other.example.com" };
  const stack = (records: object) => ({ global: { resource: { aws_route53_record: records } } });
  const { verdict } = review(fromSynthesized(stack({ record, other }), stack({ other })), {});
  expect(verdict.line).toBe("interrupts clients of models.example.com");
});

describe("clients who are no longer let in", () => {
  test("by what they have to show are interrupted", () => {
    const found = reviewOfFiles(validFile(), withEntry({ callers: JWT }));
    expect(found.verdict.line).toMatch(/^interrupts requests such as .*with a token of/);
    expect(found.exposure).toEqual([]);
  });

  test("by their addresses are interrupted, and nothing opens", () => {
    const found = reviewOfFiles(validFile(), withEntry({ allow: ["203.0.113.0/25"] }));
    expect(found.verdict.line).toBe("interrupts clients of 203.0.113.0/24");
    expect(found.exposure).toEqual([]);
  });

  test("by a key that a server asks for from now on are interrupted", () => {
    const apiKey = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf";
    const [without, withKey] = [validModel(), { ...validModel(), apiKey }].map((llama) => ({
      ...validFile(),
      models: { llama },
    }));
    const found = reviewOfFiles(without as WrittenFile, withKey as WrittenFile);
    expect(found.verdict.line).toMatch(
      /^interrupts callers of llama main without its new key, .*; rolls 3 of 3 instances/,
    );
    expect(found.consequences.flatMap(({ details }) => details)).toContain(
      "llama main gets VLLM_API_KEY: callers without that key are refused from then on",
    );
    expect(failures(found, failOnIn("interrupt"))).toEqual(["--fail-on interrupt"]);
    const back = reviewOfFiles(withKey as WrittenFile, without as WrittenFile);
    expect(back.verdict.kind).toBe("rolls");
    expect(back.exposure.map(({ says }) => says)).toContain(
      "llama main gets VLLM_API_KEY no longer: a key that it asked its callers for",
    );
  });

  test("by another key than before may be interrupted", () => {
    const withKey = (key: string, secrets = {}) => {
      const apiKey = `arn:aws:secretsmanager:us-east-1:123456789012:secret:${key}-AbCdEf`;
      return { ...validFile(), models: { llama: { ...validModel(), apiKey, secrets } } } as WrittenFile;
    };
    const wandb = { WANDB_API_KEY: "arn:aws:secretsmanager:us-east-1:123456789012:secret:wandb-AbCdEf" };
    const lineOf = (before: WrittenFile, after: WrittenFile) => reviewOfFiles(before, after).verdict.line;
    expect(lineOf(withKey("one"), withKey("two"))).toMatch(
      /^interrupts callers of llama main without its new key; rolls/,
    );
    expect(lineOf(withKey("one"), withKey("one", wandb))).toMatch(/^keeps serving; rolls/);
    expect(lineOf(withKey("one", wandb), withKey("one"))).toMatch(/^keeps serving; rolls/);
  });

  test.each([
    [["203.0.113.0/24"], ["203.0.113.0/25", "203.0.113.128/25"]],
    [["203.0.113.0/25", "203.0.113.128/25"], ["203.0.113.0/24"]],
    [["203.0.113.0/24"], ["203.0.113.0/25", "203.0.113.128/26", "203.0.113.192/26"]],
  ])("are none where %j becomes %j, which is the same", (before, after) => {
    const found = reviewOfFiles(withEntry({ allow: before }), withEntry({ allow: after }));
    expect(found.verdict.kind).toBe("keeps serving");
    expect(found.exposure).toEqual([]);
  });

  test("by their tokens are interrupted, though the issuer is the same", () => {
    const claims = { team: { format: "single-string", values: ["a"] } };
    const other = { jwt: { ...JWT.jwt, jwks: "https://login.example.com/other" } };
    for (const callers of [{ jwt: { ...JWT.jwt, claims } }, other]) {
      const found = reviewOfFiles(withEntry({ callers: JWT }), withEntry({ callers }));
      expect(found.verdict.line).toMatch(/^interrupts requests such as .*/);
    }
  });

  test("are none where Route 53 does not ask any more", () => {
    const endpoint = globalEndpointFile({ routing: "latency" });
    const found = reviewOfFiles(
      endpoint,
      globalEndpointFile({ routing: "latency", health: { requests: false } }),
    );
    expect(found.consequences.flatMap(({ interrupts }) => interrupts ?? [])).toEqual([]);
  });

  test("are none where all get in that got in, and more", () => {
    const found = reviewOfFiles(validFile(), withEntry({ allow: ["203.0.112.0/23"] }));
    expect(found.verdict.kind).toBe("keeps serving");
    expect(found.exposure.map(({ says }) => says)).toContainEqual(
      expect.stringMatching(/^203\.0\.112\.0\/23 may connect to tcp port 443/),
    );
  });
});

test("a rise of the cost from nothing, and one that is not known, fail", () => {
  const cost = failOnIn("cost:+20%");
  const first = review(fromSynthesized({}, stacks()), {});
  expect(failures(first, cost)).toEqual(["--fail-on cost: nothing was there before"]);
  const unpriced = reviewOf(({ aws_autoscaling_group }) => {
    for (const group of Object.values<Json>(aws_autoscaling_group)) {
      group.mixed_instances_policy.launch_template.override = [{ instance_type: "g99.xlarge" }];
    }
  });
  expect(failures(unpriced, cost)).toEqual([
    "--fail-on cost: no price is recorded for g99.xlarge in us-east-1, so the rise is not known",
  ]);
  expect(failures(reviewOfFiles(validFile(), validFile()), cost)).toEqual([]);
});
