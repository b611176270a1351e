import { fromSynthesized } from "../../review/read-synthesized";
import { sectionsOf } from "../../review/report";
import { type Review, review } from "../../review/review";
import { failOnIn, failures } from "../../scripts/review/fail-on";
import type { Json } from "../../testing/terraform/json";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { synthesized } from "../support/synthesis";
import { reviewOfFiles } from "./synthesized";

const stacks = (file = validFile()): Record<string, Json> =>
  structuredClone({ ...synthesized(valid(file).deployment) } as Record<string, Json>);

/** The review of a change of the Terraform of a stack, which no file says. */
function reviewOf(change: (resource: Json) => void, file = validFile(), stack = "us-east-1"): Review {
  const [before, after] = [stacks(file), stacks(file)];
  change(after[stack].resource);
  return review(fromSynthesized(before, after), {});
}

const linesOf = (found: Review) =>
  sectionsOf(found).flatMap(({ items }) => items.flatMap(({ says, lines }) => [says, ...lines]));

const withoutRules = (type: string, pattern: RegExp) => (resource: Json) => {
  for (const name of Object.keys(resource[type]).filter((each) => pattern.test(each))) {
    delete resource[type][name];
  }
};

test.each<[string, (resource: Json) => void]>([
  [
    "the instances let the load balancer in no more",
    withoutRules("aws_vpc_security_group_ingress_rule", /^model_/),
  ],
  [
    "the load balancer may reach no instance",
    withoutRules("aws_vpc_security_group_egress_rule", /^entry_.*_to-llama/),
  ],
  ["the instances may reach nothing", withoutRules("aws_vpc_security_group_egress_rule", /_to-internet$/)],
  [
    "another port is open",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      for (const name of Object.keys(rules).filter((each) => each.startsWith("model_"))) {
        Object.assign(rules[name], { from_port: 8100, to_port: 8100 });
      }
    },
  ],
])("where %s, the model is interrupted, and why is said", (_, change) => {
  const found = reviewOf(change);
  expect(found.verdict.line).toBe("interrupts llama main");
  expect(linesOf(found)).toContainEqual(
    expect.stringMatching(/^interrupts llama main: no rule of a security group lets the load balancer/),
  );
  expect(failures(found, failOnIn("interrupt"))).toEqual(["--fail-on interrupt"]);
});

test("a rule that another one makes needless interrupts nobody", () => {
  const found = reviewOf(({ aws_vpc_security_group_ingress_rule: rules }) => {
    const [name = ""] = Object.keys(rules).filter((each) => each.startsWith("model_"));
    rules.other = { ...rules[name], from_port: 8000, to_port: 9000 };
    delete rules[name];
  });
  expect(found.verdict.line).toBe("keeps serving");
});

test("a group that gives no targets any more interrupts its model, and one of two does not", () => {
  const emptied = ({ aws_autoscaling_group: groups }: Json) => {
    for (const group of Object.values<Json>(groups)) {
      group.target_group_arns = [];
    }
  };
  expect(reviewOf(emptied).verdict.line).toBe("interrupts llama main");
  const withAnother = (resource: Json) => {
    const [group] = Object.values<Json>(resource.aws_autoscaling_group);
    resource.aws_autoscaling_group.other = structuredClone(group);
    emptied({ aws_autoscaling_group: { group } });
  };
  expect(reviewOf(withAnother).consequences.flatMap(({ interrupts }) => interrupts ?? [])).toEqual([]);
});

test("an accelerator that goes loses its addresses, whatever follows it", () => {
  const file = (routing: "accelerator" | "latency") => globalEndpointFile({ routing });
  const found = reviewOfFiles(file("accelerator"), file("latency"));
  expect(found.verdict.line).toBe(
    "interrupts clients with the addresses of the accelerator instead of the name",
  );
  expect(reviewOfFiles(file("latency"), file("accelerator")).verdict.line).toBe("keeps serving");
});

test("an accelerator that leads nowhere interrupts its clients, and with an endpoint group less it does not", () => {
  const file = globalEndpointFile({ routing: "accelerator" });
  const without = (names: RegExp) => withoutRules("aws_globalaccelerator_endpoint_group", names);
  expect(reviewOf(without(/./), file, "global").verdict.line).toBe("interrupts clients of the accelerator");
  expect(reviewOf(without(/us-east-1/), file, "global").verdict.line).toBe("keeps serving");
});

test("a name without a certificate interrupts its clients", () => {
  const { globalEndpoint: _, ...without } = globalEndpointFile({ routing: "latency" });
  const found = reviewOfFiles(globalEndpointFile({ routing: "latency" }), without);
  expect(found.verdict.line).toContain("clients of models.example.com");
  const wildcard = reviewOf(
    ({ aws_acm_certificate: certificates }) => {
      for (const certificate of Object.values<Json>(certificates)) {
        certificate.domain_name = certificate.domain_name.replace(/^[^.]+/, "*");
      }
    },
    globalEndpointFile({ routing: "latency" }),
  );
  expect(wildcard.verdict.line).not.toContain("clients of");
});

describe("clients by certificate", () => {
  const withCertificates = (key: string, revocations?: string[]): WrittenFile => ({
    ...validFile(),
    entry: {
      ...validFile().entry,
      callers: { mtls: { bundle: `s3://authorities/${key}`, ...(revocations && { revocations }) } },
    } as WrittenFile["entry"],
  });

  test("may be refused, and others let in, with another bundle", () => {
    const found = reviewOfFiles(withCertificates("a.pem"), withCertificates("b.pem"));
    expect(found.verdict.line).toMatch(/^interrupts clients with certificates of authorities that only/);
    expect(found.exposure.map(({ says }) => says)).toEqual([
      expect.stringMatching(/^other authorities may be trusted/),
    ]);
  });

  test("are let in again with a list of revocations less, and by another list maybe", () => {
    const lists = ["s3://authorities/1.crl", "s3://authorities/2.crl"];
    const exposed = (before?: string[], after?: string[]) =>
      reviewOfFiles(withCertificates("a.pem", before), withCertificates("a.pem", after)).exposure.map(
        ({ says }) => says,
      );
    const again = expect.stringMatching(/^certificates that only this list revokes are let in again/);
    expect(exposed(lists, lists.slice(1))).toEqual([again]);
    expect(exposed(lists.slice(1))).toEqual([again]);
    expect(exposed(lists.slice(1), lists)).toEqual([]);
  });
});

describe("a key that comes together with variants", () => {
  const apiKey = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf";
  const variants = { stable: { weight: 100 }, canary: { weight: 0 } };
  const files = [{}, { apiKey, variants }].map((more) => ({
    ...validFile(),
    models: { llama: { ...validModel(), ...more } },
  }));
  const [without = validFile(), withKey = validFile()] = files as WrittenFile[];

  test("interrupts callers, with a 503 until the new instances have loaded", () => {
    const { line } = reviewOfFiles(without, withKey).verdict;
    expect(line).toContain("llama stable 100 %: 503 until it has loaded");
    expect(line).toContain("callers of llama stable without its new key");
  });

  test("is an exposure where it goes so, told once", () => {
    expect(reviewOfFiles(withKey, without).exposure.map(({ says }) => says)).toEqual([
      "llama main gets VLLM_API_KEY no longer: a key that it asked its callers for",
    ]);
  });
});

test("NAT gateways that go once all route tables lead to another one interrupt nobody", () => {
  const found = reviewOf(({ aws_nat_gateway: nats, aws_route: routes, aws_eip: addresses }) => {
    const [first = "", ...others] = Object.keys(nats);
    for (const route of Object.values<Json>(routes).filter(({ nat_gateway_id }) => nat_gateway_id)) {
      route.nat_gateway_id = `\${aws_nat_gateway.${first}.id}`;
    }
    for (const name of others) {
      delete nats[name];
      delete addresses[`${name}-address`];
    }
  });
  expect(found.consequences.filter(({ kind }) => kind === "interrupted")).toEqual([]);
});

test("a group that is made anew interrupts its model, unless Terraform waits for healthy instances", () => {
  const renamed =
    (more: object) =>
    ({ aws_autoscaling_group: groups }: Json) => {
      for (const group of Object.values<Json>(groups)) {
        Object.assign(group, { name: "another", lifecycle: { create_before_destroy: true } }, more);
      }
    };
  const found = reviewOf(renamed({}));
  expect(found.verdict.line).toContain("interrupts llama main");
  expect(linesOf(found)).toContain(
    "us-east-1, llama main: the old instances end before those of the new group have loaded",
  );
  const waits = reviewOf(renamed({ min_elb_capacity: 3, wait_for_capacity_timeout: "30m" }));
  expect(waits.consequences.flatMap(({ interrupts }) => interrupts ?? [])).toEqual([]);
});
