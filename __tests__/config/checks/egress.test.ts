import { testRules } from "../../support/rule-cases";

const NETWORK = "    network:\n";
const CREATED = "    network:\n      create:\n        cidr: 10.0.0.0/16\n";
const EXISTING =
  "existing: { vpcId: vpc-0123456789abcdef0, albSubnetIds: [subnet-0aaaaaaaaaaaaaaa1, subnet-0bbbbbbbbbbbbbbb2, subnet-0ccccccccccccccc3], instanceSubnetIds: [subnet-0123456789abcde01, subnet-0123456789abcde02, subnet-0123456789abcde03] }";
const egress = (targets: string): readonly [string, string] => [
  NETWORK,
  `${NETWORK}      egress: { ${targets} }\n`,
];
const at = (field: string) => `regions.us-east-1.network.egress.${field}`;

describe("what instances may connect to", () => {
  testRules([
    {
      name: "a block and a security group",
      changes: [egress("a: { to: 10.20.0.0/16, port: 5432 }, b: { to: sg-0123456789abcdef0, port: 6379 }")],
      expected: [],
    },
    {
      name: "everyone, at another port than 443",
      changes: [egress("a: { to: ▸0.0.0.0/0, port: 22 }, b: { to: ▸128.0.0.0/1, port: 53 }")],
      expected: [
        `warning  ${at("a.to")}  egress-to-everyone  0.0.0.0/0 is everyone, or nearly everyone, so whoever takes over a server may send what it knows to any host at port 22; name the block of what is meant`,
        `warning  ${at("b.to")}  egress-to-everyone`,
      ],
    },
    {
      name: "the private block 10.0.0.0/8, which is large and nobody else's",
      changes: [egress("a: { to: 10.0.0.0/8, port: 5432 }")],
      expected: [],
    },
    {
      name: "IPv6 in a network that is made here",
      changes: [egress('a: { to: ▸"2001:db8::/32", port: 5432 }')],
      expected: [
        `error  ${at("a.to")}  field-without-effect  2001:db8::/32 is IPv6, which instances in a network that is made here do not have; name its IPv4 block, or remove it`,
      ],
    },
    {
      name: "IPv6 in a network that is there",
      changes: [
        [
          CREATED,
          `    network:\n      egress: { a: { to: "2001:db8::/32", port: 5432 } }\n      ${EXISTING}\n`,
        ],
      ],
      expected: [],
    },
    {
      name: "everyone by IPv6 in a network that is there",
      changes: [
        [CREATED, `    network:\n      egress: { a: { to: ▸"::/0", port: 5432 } }\n      ${EXISTING}\n`],
      ],
      expected: [`warning  ${at("a.to")}  egress-to-everyone`],
    },
  ]);
});
