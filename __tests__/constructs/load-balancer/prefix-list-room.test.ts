import { Testing } from "cdktf";
import { PrefixListRoom, type PrefixListRoomProps } from "../../../constructs/load-balancer/prefix-list-room";
import { ServingStack } from "../../../stacks/serving-stack";

const PROPS: PrefixListRoomProps = {
  whose: "load balancer",
  prefixListIds: ["pl-01234567", "pl-89abcdef"],
  ports: 2,
  besides: { ipv4: 27, ipv6: 1 },
};

function synthesize(props: Partial<PrefixListRoomProps> = {}) {
  const stack = new ServingStack(Testing.app(), "region");
  const { preconditions } = new PrefixListRoom(stack, "allowed", { ...PROPS, ...props });
  return { preconditions, ...JSON.parse(Testing.synth(stack)) };
}

describe("room for prefix lists", () => {
  const { preconditions, data, locals } = synthesize();

  it("is known when AWS has told of each list", () => {
    expect(data.aws_ec2_managed_prefix_list).toMatchObject({
      "allowed_pl-01234567": { id: "pl-01234567" },
      "allowed_pl-89abcdef": { id: "pl-89abcdef" },
    });
  });

  it("counts the most entries of a list of one's own, and the weight of one of AWS, for each family by itself", () => {
    const lists =
      "[data.aws_ec2_managed_prefix_list.allowed_pl-01234567, data.aws_ec2_managed_prefix_list.allowed_pl-89abcdef]";
    const weight =
      'list.owner_id == "AWS" ? lookup(local.allowed_weights, list.name, length(list.entries)) : list.max_entries';
    const rules = (family: string) =>
      `[for list in ${lists} : ${weight} if list.address_family == "${family}"]`;
    expect(preconditions.map(({ condition }: { condition: string }) => condition)).toEqual([
      `\${27 + 2 * sum(concat([0], ${rules("IPv4")})) <= 60}`,
      `\${1 + 2 * sum(concat([0], ${rules("IPv6")})) <= 60}`,
    ]);
    expect(locals.allowed_weights).toMatchObject({ "com.amazonaws.global.cloudfront.origin-facing": 55 });
  });

  it("counts a list again that is repeated, and asks for it once", () => {
    const {
      preconditions: [ipv4],
      data: asked,
    } = synthesize({ prefixListIds: ["pl-1", "pl-1"], ports: 1 });
    expect(ipv4.condition).toContain(
      "[for list in [data.aws_ec2_managed_prefix_list.allowed_pl-1, data.aws_ec2_managed_prefix_list.allowed_pl-1] :",
    );
    expect(Object.keys(asked.aws_ec2_managed_prefix_list)).toEqual(["allowed_pl-1"]);
  });

  it("says how many rules there would be", () => {
    expect(preconditions[0].errorMessage).toMatch(
      /^The prefix lists, at 2 port\(s\) each, and 27 other rule\(s\) for IPv4 take \$\{27 \+ .*\} rules/,
    );
  });

  it.each<[Partial<PrefixListRoomProps>, string]>([
    [{ prefixListIds: ["sg-01234567"] }, "prefixListIds"],
    [{ ports: 0 }, "ports"],
  ])("refuses %j", (props, message) => {
    expect(() => synthesize(props)).toThrow(message);
  });
});
