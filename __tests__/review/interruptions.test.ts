import { fromSynthesized } from "../../review/read-synthesized";
import { type Review, review } from "../../review/review";
import { failOnIn, failures } from "../../scripts/review/fail-on";
import type { Json } from "../../testing/terraform/json";
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
])("%s interrupt", (_, change, line) => {
  const found = reviewOf(change);
  expect(found.verdict).toEqual({ kind: "interrupts", line: expect.stringMatching(line) });
  expect(failures(found, failOnIn("interrupt"))).toEqual(["--fail-on interrupt"]);
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
      /^interrupts callers of llama main without a key, .*; rolls 3 of 3 instances/,
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
