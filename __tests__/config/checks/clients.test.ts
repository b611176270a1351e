import { GLOBAL_ENDPOINT_YAML, globalEndpointYaml } from "../../support/global-endpoint-file";
import { type RuleCase, testRules } from "../../support/rule-cases";
import { VALID_YAML } from "../../support/serving-file";

const ALLOW = "  allow: [203.0.113.0/24]\n";
const allowing = (cidrs: string, more = ""): readonly [string, string] => [
  ALLOW,
  `  allow: ▸${cidrs}\n${more}`,
];
const INTERNAL = "  scheme: internal\n";
const toTheBalancer =
  "warning  entry.allow  only-private-clients  holds private addresses only, but clients of an internet-facing load balancer have public ones; allow those, or write scheme: internal";
const throughTheAccelerator =
  "warning  entry.allow  only-private-clients  holds private addresses only, but clients of an accelerator have public ones; allow those, or use routing: latency with scheme: internal";

describe("private addresses", () => {
  testRules([
    ...[
      "[10.0.0.0/8]",
      "[172.16.0.0/12]",
      "[192.168.0.0/16]",
      "[100.64.0.0/10]",
      "[10.1.0.0/16, 10.2.3.4/32]",
    ].map(
      (cidrs): RuleCase => ({
        name: `alone: ${cidrs}`,
        changes: [allowing(cidrs)],
        expected: [toTheBalancer],
      }),
    ),
    {
      name: "alone, of both versions of IP",
      changes: [allowing("[10.0.0.0/8, fd00:1::/32]", "  dualStack: true\n")],
      expected: [toTheBalancer],
    },
    { name: "of a security group", changes: [allowing("[sg-01234567]")], expected: [toTheBalancer] },
    { name: "beside those of a prefix list", changes: [allowing("[10.0.0.0/8, pl-01234567]")], expected: [] },
    { name: "beside public ones", changes: [allowing("[10.0.0.0/8, 203.0.113.0/24]")], expected: [] },
    { name: "nearly", changes: [allowing("[172.32.0.0/16]")], expected: [] },
    { name: "and more", changes: [allowing("[172.0.0.0/8]")], expected: [] },
    { name: "within the networks", changes: [allowing("[10.0.0.0/8]", INTERNAL)], expected: [] },
    {
      name: "within the networks, with records",
      yaml: GLOBAL_ENDPOINT_YAML,
      changes: [allowing("[10.0.0.0/8]", INTERNAL)],
      expected: [],
    },
    {
      name: "over the internet, with records",
      yaml: GLOBAL_ENDPOINT_YAML,
      changes: [allowing("[10.0.0.0/8]")],
      expected: [toTheBalancer],
    },
    {
      name: "in one region",
      yaml: VALID_YAML.replace(
        "models:\n",
        "  eu-west-1:\n    network: { create: { cidr: 10.1.0.0/16 } }\nmodels:\n",
      ),
      changes: [["  eu-west-1:\n", "  eu-west-1:\n    entry: { allow: ▸[10.0.0.0/8] }\n"]],
      expected: [toTheBalancer.replace("entry.", "regions.eu-west-1.entry.")],
    },
  ]);
});

describe("private addresses behind an accelerator", () => {
  testRules([
    ...["", INTERNAL].map(
      (scheme): RuleCase => ({
        name: `whatever the scheme: ${scheme.trim()}`,
        yaml: globalEndpointYaml("accelerator"),
        changes: [allowing("[10.0.0.0/8]", scheme)],
        expected: [throughTheAccelerator],
      }),
    ),
    {
      name: "that does not lead to the region",
      yaml: globalEndpointYaml("accelerator"),
      changes: [
        [ALLOW, `${ALLOW}${INTERNAL}`],
        ["  eu-west-1:\n", "  eu-west-1:\n    traffic: removed\n    entry: { allow: [10.0.0.0/8] }\n"],
      ],
      expected: [],
    },
    {
      name: "beside public ones",
      yaml: globalEndpointYaml("accelerator"),
      changes: [allowing("[10.0.0.0/8, 203.0.113.0/24]", INTERNAL)],
      expected: [],
    },
    {
      name: "of anyone",
      yaml: globalEndpointYaml("accelerator"),
      changes: [allowing("anyone-on-the-internet", INTERNAL)],
      expected: [],
    },
  ]);
});
