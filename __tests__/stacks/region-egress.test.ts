import { reportOf, VALID_YAML, valid, validFile } from "../support/serving-file";
import { resourcesOfType, synthesized } from "../support/synthesis";

function rulesWith(egress: Readonly<Record<string, { to: string; port: number }>> | undefined) {
  const network = { create: { cidr: "10.0.0.0/16" }, egress };
  const { deployment } = valid({ ...validFile(), regions: { "us-east-1": { network } } });
  return resourcesOfType(synthesized(deployment)["us-east-1"], "aws_vpc_security_group_egress_rule")
    .filter(({ description }) => !/load balancer|to llama/.test(description))
    .map(({ description, to_port, cidr_ipv4, prefix_list_id, referenced_security_group_id }) => [
      description,
      to_port,
      cidr_ipv4 ?? prefix_list_id ?? referenced_security_group_id,
    ]);
}

const HTTPS = ["Port 443 to internet", 443, "0.0.0.0/0"];

test("instances connect to HTTPS alone by default", () => {
  expect(rulesWith(undefined)).toContainEqual(HTTPS);
});

test("instances connect to what the file names too, in any form", () => {
  const rules = rulesWith({
    redis: { to: "sg-0123456789abcdef0", port: 6379 },
    postgres: { to: "10.20.0.0/16", port: 5432 },
    lists: { to: "pl-0123456789abcdef0", port: 8443 },
  });
  expect(rules).toEqual(
    expect.arrayContaining([
      HTTPS,
      ["Port 6379 to redis", 6379, "sg-0123456789abcdef0"],
      ["Port 5432 to postgres", 5432, "10.20.0.0/16"],
      ["Port 8443 to lists", 8443, "pl-0123456789abcdef0"],
    ]),
  );
  expect(rules).toHaveLength(rulesWith(undefined).length + 3);
});

test.each([
  ["{ redis: { to: 10.0.0.1, port: 6379 } }", '"10.0.0.1" is a single address; write it as 10.0.0.1/32'],
  ["{ redis: { to: sg-123, port: 6379 } }", '"sg-123" is not the id of a security group'],
  ["{ redis: { to: 10.20.0.1/16, port: 6379 } }", "did you mean 10.20.0.0/16?"],
  ["{ redis: { to: 10.20.0.0/16, port: 0 } }", "must be 1–65535; got 0"],
  ["{ redis: { to: 10.20.0.0/16 } }", "port  missing-field"],
  ["{ internet: { to: 10.20.0.0/16, port: 80 } }", "use another name"],
  ["{ Redis: { to: 10.20.0.0/16, port: 80 } }", '"Redis" may hold only a-z'],
])("refuses %s", (egress, message) => {
  const text = VALID_YAML.replace("    network:\n", `    network:\n      egress: ${egress}\n`);
  expect(reportOf(text).join("\n")).toContain(message);
});

const MANY = (count: number, to: (index: number) => string, name = "t") =>
  Array.from({ length: count }, (_, index) => `${name}${index}: { to: "${to(index)}", port: 5432 }`).join(
    ", ",
  );

test.each([
  [
    "a: { to: 0.0.0.0/0, port: 443 }",
    "0.0.0.0/0 at port 443 repeats the rule for HTTPS, which is always there",
  ],
  ["b: { to: 10.20.0.0/16, port: 1 }, a: { to: 10.20.0.0/16, port: 1 }", "10.20.0.0/16 at port 1 repeats a;"],
  [MANY(60, (index) => `10.20.${index}.0/24`), "60 targets and HTTPS take 61 rules"],
  [MANY(61, (index) => `2001:db8:${index + 1}::/48`), "61 targets and HTTPS take 61 rules"],
  [MANY(60, (index) => `sg-000000${index + 10}`), "60 targets and HTTPS take 61 rules"],
])("refuses what EC2 would: %s", (egress, message) => {
  const text = VALID_YAML.replace("    network:\n", `    network:\n      egress: { ${egress} }\n`);
  expect(reportOf(text).join("\n")).toContain(message);
});

test("takes as many blocks of each family as a security group has rules", () => {
  const egress = `${MANY(59, (index) => `10.20.${index}.0/24`)}, ${MANY(60, (index) => `2001:db8:${index + 1}::/48`, "v")}`;
  // A network that is made here has no IPv6 for instances.
  const existing = `existing: { vpcId: vpc-0123456789abcdef0, albSubnetIds: [${["a", "b", "c"].map((letter) => `subnet-0${letter.repeat(16)}`).join(", ")}], instanceSubnetIds: [${[1, 2, 3].map((digit) => `subnet-0123456789abcde0${digit}`).join(", ")}] }`;
  const text = VALID_YAML.replace(
    "      create:\n        cidr: 10.0.0.0/16\n",
    `      ${existing}\n      egress: { ${egress} }\n`,
  );
  expect(reportOf(text).filter((line) => / {2}(error|.*egress)/.test(line))).toEqual([]);
});

test("asks AWS for the room of prefix lists, which count as their entries", () => {
  const network = {
    create: { cidr: "10.0.0.0/16" },
    egress: {
      ...{ first: { to: "pl-0123456789abcdef0", port: 1 }, second: { to: "pl-0123456789abcdef0", port: 2 } },
      group: { to: "sg-0123456789abcdef0", port: 6379 },
    },
  };
  const { deployment } = valid({ ...validFile(), regions: { "us-east-1": { network } } });
  const [group] = resourcesOfType(synthesized(deployment)["us-east-1"], "aws_security_group").filter(
    ({ description }) => /instances/.test(description),
  );
  const list = "data.aws_ec2_managed_prefix_list.egress_pl-0123456789abcdef0";
  expect(group?.lifecycle.precondition).toEqual([
    expect.objectContaining({
      condition: expect.stringContaining(`{2 + 1 * sum(concat([0], [for list in [${list}, ${list}]`),
    }),
    expect.objectContaining({ condition: expect.stringContaining("{1 + 1 * sum(") }),
  ]);
});
