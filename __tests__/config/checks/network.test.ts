import { testRules } from "../../support/rule-cases";

const CREATE = `create:
        cidr: 10.0.0.0/16`;
const EXISTING = `existing:
        vpcId: vpc-0123456789abcdef0
        albSubnetIds: [subnet-0aaaaaaaaaaaaaaa1, subnet-0bbbbbbbbbbbbbbb2]
        instanceSubnetIds: [subnet-0ddddddddddddddd4, subnet-0eeeeeeeeeeeeeee5]`;
const ALB_IDS = "albSubnetIds: [subnet-0aaaaaaaaaaaaaaa1, subnet-0bbbbbbbbbbbbbbb2]";
const INSTANCE_IDS = "instanceSubnetIds: [subnet-0ddddddddddddddd4, subnet-0eeeeeeeeeeeeeee5]";
/** An image that Docker Hub does not limit. */
const IN_ECR = [
  "image: vllm/vllm-openai:v0.28.0",
  "image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v0.28.0",
] as const;
const at = "regions.us-east-1.network";

describe("a network", () => {
  testRules([
    {
      name: "[vpc-subnets-conflict] both made and found",
      changes: [[`network:\n      ${CREATE}`, `network:\n      ▸${CREATE}\n      ${EXISTING}`]],
      expected: [`error  ${at}  both-given  set either "existing" or "create", not both`],
    },
    {
      name: "neither made nor found",
      changes: [[`network:\n      ${CREATE}`, "network: ▸{}"]],
      expected: [`error  ${at}  network-missing  set "create", with a cidr, or "existing", with a vpcId`],
    },
    { name: "one that is there", changes: [[CREATE, EXISTING]], expected: [] },
  ]);
});

describe("a network to make", () => {
  testRules([
    {
      name: "[cidr-host-bits] a block with host bits",
      changes: [["cidr: 10.0.0.0/16", "cidr: ▸10.0.0.1/16"]],
      expected: [
        `error  ${at}.create.cidr  wrong-format  10.0.0.1/16 has host bits set; did you mean 10.0.0.0/16?`,
      ],
    },
    ...["10.0.0.0/15", "10.0.0.0/22", "2001:db8::/32"].map((cidr) => ({
      name: `the block ${cidr}`,
      changes: [["cidr: 10.0.0.0/16", `cidr: ▸${cidr}`]] as const,
      expected: [
        `error  ${at}.create.cidr  vpc-size-refused  ${cidr} must be an IPv4 block from /16 to /21: AWS allows no larger VPC, and a load balancer needs subnets of /27 or more`,
      ],
    })),
    ...["10.0/16", "0x0a.0.0.0/16", "010.0.0.0/16", "167772160/16"].map((cidr) => ({
      name: `the block ${cidr}`,
      changes: [["cidr: 10.0.0.0/16", `cidr: ▸${cidr}`]] as const,
      expected: [
        `error  ${at}.create.cidr  wrong-format  "${cidr}" is not a CIDR block; write it as 10.0.0.0/16`,
      ],
    })),
    ...["10.0.0.0/16", "10.0.0.0/21"].map((cidr) => ({
      name: `the block ${cidr}`,
      changes: [["cidr: 10.0.0.0/16", `cidr: ${cidr}`]] as const,
      expected: [],
    })),
    {
      name: "with fewer addresses in a zone than instances",
      changes: [
        ["cidr: 10.0.0.0/16", "cidr: ▸10.0.0.0/21"],
        ["capacity: { min: 3, max: 6 }", "capacity: { min: 3, max: 370 }"],
        IN_ECR,
      ],
      expected: [
        `error  ${at}.create.cidr  too-few-addresses  the groups at their largest put 124 instances into a zone, and its subnet, a /25, has 123 addresses; use a larger block, up to /16, or smaller groups`,
      ],
    },
    {
      name: "with as many addresses in a zone as instances",
      changes: [
        ["cidr: 10.0.0.0/16", "cidr: 10.0.0.0/21"],
        ["capacity: { min: 3, max: 6 }", "capacity: { min: 3, max: 369 }"],
        IN_ECR,
      ],
      expected: [],
    },
    {
      name: "a single address",
      changes: [["cidr: 10.0.0.0/16", "cidr: ▸10.0.0.0"]],
      expected: [
        `error  ${at}.create.cidr  wrong-format  "10.0.0.0" is not a CIDR block; write it as 10.0.0.0/16`,
      ],
    },
    {
      name: "[no-egress-path] no way out",
      changes: [[CREATE, `${CREATE}\n        nat: none\n        endpoints: ▸false`], IN_ECR],
      expected: [
        `error  ${at}.create.endpoints  no-way-to-aws  instances cannot reach ECR, Systems Manager and the rest of AWS: set endpoints to true, or nat to "per-zone"`,
      ],
    },
    {
      name: "endpoints instead of NAT",
      changes: [[CREATE, `${CREATE}\n        nat: none`], IN_ECR],
      expected: [],
    },
    {
      name: "[same-az] one zone twice",
      changes: [[CREATE, `${CREATE}\n        zones: [us-east-1a, ▸us-east-1a]`]],
      expected: [
        `error  ${at}.create.zones[1]  duplicate-item  us-east-1a repeats zones[0]; losing it would lose both: name another zone`,
      ],
    },
    {
      name: "zones of other regions, and none at all",
      changes: [[CREATE, `${CREATE}\n        zones: [us-east-1a, ▸us-west-1b, ▸us-east-1z, ▸us-east-1]`]],
      expected: [
        `error  ${at}.create.zones[1]  unknown-zone  "us-west-1b" is not a zone of us-east-1; write it as us-east-1a`,
        `error  ${at}.create.zones[2]  unknown-zone`,
        `error  ${at}.create.zones[3]  unknown-zone`,
      ],
    },
    {
      name: "more NAT gateways than a new account has addresses for",
      changes: [
        ["[g6.2xlarge, g5.2xlarge]", "[p5.48xlarge]"],
        [
          CREATE,
          `${CREATE}\n        zones: ▸[${[..."abcdef"].map((zone) => `us-east-1${zone}`).join(", ")}]`,
        ],
      ],
      expected: [
        `warning  ${at}.create.zones  too-many-elastic-addresses  the NAT gateways of 6 zones take 6 Elastic IP addresses, and an account has 5 in a region until AWS raises that (VPC user guide, Amazon VPC quotas); ask AWS for more, or use fewer zones or nat: none`,
      ],
    },
    {
      name: "more zones than the region gives",
      changes: [
        ["us-east-1:\n    network", "us-west-1:\n    network"],
        ["[g6.2xlarge, g5.2xlarge]", "[g4dn.2xlarge]"],
        [CREATE, `${CREATE}\n        zones: ▸3`],
      ],
      expected: [
        "error  regions.us-west-1.network.create.zones  too-many-zones  us-west-1 gives an account 2 zones; write zones: 2",
      ],
    },
    {
      name: "as many zones as the region gives",
      changes: [
        ["us-east-1:\n    network", "us-west-1:\n    network"],
        ["[g6.2xlarge, g5.2xlarge]", "[g4dn.2xlarge]"],
        [CREATE, `${CREATE}\n        zones: 2`],
      ],
      expected: [],
    },
  ]);
});

describe("subnets for an internet-facing load balancer and instances without public addresses", () => {
  const shared = (both: string) =>
    `subnets-public-and-private  ${both} hold the instances and an internet-facing load balancer, which needs a route to an internet gateway there; instances without public addresses must have none: write publicAddresses: true, or use other subnets for the instances`;
  const SAME = INSTANCE_IDS.replace("ddddddddddddddd4", "aaaaaaaaaaaaaaa1");
  testRules([
    {
      name: "that share one",
      changes: [
        [CREATE, EXISTING],
        [INSTANCE_IDS, SAME.replace("[", "▸[")],
      ],
      expected: [`error  ${at}.existing.instanceSubnetIds  ${shared("subnet-0aaaaaaaaaaaaaaa1")}`],
    },
    {
      name: "with public addresses",
      changes: [
        [CREATE, EXISTING],
        [INSTANCE_IDS, `${SAME}\n        publicAddresses: true`],
      ],
      expected: [],
    },
    {
      name: "with an internal load balancer, by the region's entry",
      changes: [
        [CREATE, EXISTING],
        [INSTANCE_IDS, SAME],
        ["us-east-1:\n    network", "us-east-1:\n    entry: { scheme: internal }\n    network"],
      ],
      expected: [],
    },
    ...["{ tier: all }", "{ tier: all, app: chat }"].map((tags) => ({
      name: `whose tags find the same: ${tags}`,
      changes: [
        [CREATE, EXISTING],
        [ALB_IDS, "albSubnetTags: { tier: all }"],
        [INSTANCE_IDS, `instanceSubnetTags: ▸${tags}\n        zones: 2`],
      ] as const,
      expected: [`error  ${at}.existing.instanceSubnetTags  ${shared("the same subnets")}`],
    })),
  ]);
});

describe("networks of several regions", () => {
  const second = (cidr: string) =>
    [
      "models:\n",
      `  eu-west-1:\n    network: { create: { cidr: ▸${cidr} } }\n    models: { llama: { instanceTypes: [g5.2xlarge] } }\nmodels:\n`,
    ] as const;
  testRules([
    ...["10.0.0.0/16", "10.0.128.0/17"].map((cidr) => ({
      name: `that overlap: ${cidr}`,
      changes: [second(cidr)],
      expected: [
        `warning  regions.eu-west-1.network.create.cidr  networks-overlap  ${cidr} overlaps with 10.0.0.0/16 of us-east-1, so these VPCs can never be connected; use blocks apart, such as 10.0.0.0/16 and 10.1.0.0/16`,
      ],
    })),
    { name: "that lie apart", changes: [second("10.1.0.0/16")], expected: [] },
  ]);
});

describe("a network that is there", () => {
  testRules([
    {
      name: "subnets by ids and by tags",
      changes: [
        [CREATE, EXISTING],
        [ALB_IDS, `${ALB_IDS}\n        albSubnetTags: ▸{ tier: public }`],
        [INSTANCE_IDS, `${INSTANCE_IDS}\n        instanceSubnetTags: ▸{ tier: private }\n        zones: 2`],
      ],
      expected: [
        `error  ${at}.existing.albSubnetTags  both-given  set either albSubnetIds or albSubnetTags, not both`,
        `error  ${at}.existing.instanceSubnetTags  both-given  set either instanceSubnetIds or instanceSubnetTags, not both`,
      ],
    },
    {
      name: "subnets by neither",
      changes: [
        [CREATE, EXISTING.replace("existing:\n        vpcId", "existing:\n        ▸vpcId")],
        [`\n        ${ALB_IDS}\n        ${INSTANCE_IDS}`, ""],
      ],
      expected: [
        `error  ${at}.existing  subnets-missing  set albSubnetIds, or albSubnetTags that find the subnets`,
        `error  ${at}.existing  subnets-missing  set instanceSubnetIds, or instanceSubnetTags that find the subnets`,
      ],
    },
    {
      name: "subnets by tags",
      changes: [
        [CREATE, EXISTING],
        [ALB_IDS, "albSubnetTags: { tier: public }"],
        [INSTANCE_IDS, "instanceSubnetTags: { tier: private }\n        zones: 2"],
      ],
      expected: [],
    },
    {
      name: "subnets by no tag",
      changes: [
        [CREATE, EXISTING],
        [ALB_IDS, "albSubnetTags: ▸{}"],
        [INSTANCE_IDS, "instanceSubnetTags: ▸{}\n        zones: 2"],
      ],
      expected: [
        `error  ${at}.existing.albSubnetTags  subnet-tags-empty  has no tag, so it would find every subnet of the VPC; write one, such as tier: private`,
        `error  ${at}.existing.instanceSubnetTags  subnet-tags-empty`,
      ],
    },
    {
      name: "zones not told with tags",
      changes: [
        [CREATE, EXISTING],
        [INSTANCE_IDS, "instanceSubnetTags: ▸{ tier: private }"],
      ],
      expected: [
        `error  ${at}.existing.instanceSubnetTags  zones-missing  the number of zones is unknown until Terraform looks up the tags; add zones: 3, or how many there are`,
      ],
    },
    {
      name: "a subnet twice",
      changes: [
        [CREATE, EXISTING],
        [
          ALB_IDS,
          "albSubnetIds: [subnet-0aaaaaaaaaaaaaaa1, subnet-0bbbbbbbbbbbbbbb2, ▸subnet-0aaaaaaaaaaaaaaa1]",
        ],
        [
          INSTANCE_IDS,
          "instanceSubnetIds: [subnet-0ddddddddddddddd4, subnet-0eeeeeeeeeeeeeee5, ▸subnet-0eeeeeeeeeeeeeee5]",
        ],
      ],
      expected: [
        `error  ${at}.existing.albSubnetIds[2]  duplicate-item  subnet-0aaaaaaaaaaaaaaa1 repeats albSubnetIds[0]; list each subnet once, one in each zone`,
        `error  ${at}.existing.instanceSubnetIds[2]  duplicate-item  subnet-0eeeeeeeeeeeeeee5 repeats instanceSubnetIds[1]; list each subnet once, one in each zone`,
      ],
    },
    {
      name: "one subnet for the load balancer",
      changes: [
        [CREATE, EXISTING],
        [ALB_IDS, "albSubnetIds: ▸[subnet-0aaaaaaaaaaaaaaa1]"],
      ],
      expected: [
        `error  ${at}.existing.albSubnetIds  load-balancer-in-one-zone  an Application Load Balancer needs subnets in two zones at least; add one`,
      ],
    },
    {
      name: "more zones than subnets",
      changes: [
        [CREATE, EXISTING],
        [INSTANCE_IDS, `${INSTANCE_IDS}\n        zones: ▸3`],
      ],
      expected: [
        `error  ${at}.existing.zones  zones-without-subnet  3 zones cannot be covered by 2 subnets; list one subnet for each zone`,
      ],
    },
    {
      name: "fewer zones than subnets",
      changes: [
        [CREATE, EXISTING],
        [INSTANCE_IDS, `${INSTANCE_IDS.replace("]", ", subnet-0fffffffffffffff6]")}\n        zones: 2`],
      ],
      expected: [],
    },
    {
      name: "more subnets than a region has zones",
      changes: [
        [CREATE, EXISTING],
        [
          INSTANCE_IDS,
          `instanceSubnetIds: ▸[${[1, 2, 3, 4, 5, 6, 7].map((digit) => `subnet-0123456789abcde0${digit}`.slice(0, 24)).join(", ")}]`,
        ],
      ],
      expected: [
        `error  ${at}.existing.instanceSubnetIds  zones-missing  7 subnets cannot each lie in a zone of its own; add zones: 3, or how many they lie in`,
      ],
    },
  ]);
});

describe("[asg-az-not-in-alb] the zones of the load balancer", () => {
  const three = INSTANCE_IDS.replace("]", ", subnet-0fffffffffffffff6]");
  const at3 = (more: string) => [
    `error  ${at}.existing.albSubnetIds  zones-without-load-balancer  the instances are in 3 zones and the load balancer in at most 2, so it would not route to instances in the others; add a subnet in each zone${more}`,
  ];
  const ALB_MARKED = ALB_IDS.replace("[", "▸[");
  testRules([
    {
      name: "are fewer than the instances' subnets",
      changes: [[CREATE, EXISTING.replace(INSTANCE_IDS, three).replace(ALB_IDS, ALB_MARKED)]],
      expected: at3(", or write in zones how many the instances use"),
    },
    {
      name: "are fewer than the zones written",
      changes: [
        [
          CREATE,
          EXISTING.replace(INSTANCE_IDS, "instanceSubnetTags: { tier: private }\n        zones: 3").replace(
            ALB_IDS,
            ALB_MARKED,
          ),
        ],
      ],
      expected: at3(""),
    },
    {
      name: "are as many as the zones in which several subnets of the instances lie",
      changes: [[CREATE, EXISTING.replace(INSTANCE_IDS, `${three}\n        zones: 2`)]],
      expected: [],
    },
  ]);
});
