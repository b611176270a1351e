import type { Answer, Call, Gap } from "./moto-gaps";

/** Asks the emulator itself: an action of EC2 with its parameters. @returns its answer, as text */
export type Ask = (
  region: string,
  action: string,
  parameters: Readonly<Record<string, string>>,
) => Promise<string>;

/** What AWS refuses and moto 5.2 lets pass, of all that a change of a deployment may run into. */
export function strictness(ask: Ask): readonly Gap[] {
  return [oneLoadBalancerPerTargetGroup(), oneGatewayPerAddress(), subnetsInUse(ask)];
}

/**
 * A target group belongs to one load balancer (ELB API reference, CreateRule, CreateListener: TargetGroupAssociationLimit).
 * Here by listener or rule, which hold their load balancer in their ARN.
 */
function oneLoadBalancerPerTargetGroup(): Gap {
  const forwarding = new Map<string, ReadonlySet<string>>();
  const take = (user: string, { body }: Call) => forwarding.set(user, targetGroupsIn(body));
  return {
    actions: [
      ...["CreateListener", "ModifyListener", "DeleteListener"],
      ...["CreateRule", "ModifyRule", "DeleteRule", "DeleteLoadBalancer"],
    ],
    before: (call) => {
      const form = new URLSearchParams(call.body);
      const arn = form.get("RuleArn") ?? form.get("ListenerArn") ?? form.get("LoadBalancerArn") ?? "";
      if (call.action.startsWith("Delete")) {
        const gone = arn.replace(/^.*:[a-z-]+\//, "");
        for (const user of [...forwarding.keys()].filter((each) => each.includes(`/${gone}`))) {
          forwarding.delete(user);
        }
        return undefined;
      }
      const wanted = targetGroupsIn(call.body);
      const taken = [...forwarding].flatMap(([user, groups]) =>
        loadBalancerOf(user) === loadBalancerOf(arn) ? [] : [...groups].filter((group) => wanted.has(group)),
      );
      return taken.length === 0
        ? undefined
        : elbError(
            "TargetGroupAssociationLimit",
            `The following target groups cannot be associated with more than one load balancer: ${taken[0]}`,
          );
    },
    after: (call, answer) => {
      const element = call.action.endsWith("Rule") ? "RuleArn" : "ListenerArn";
      const [, user] = new RegExp(`<${element}>(.*?)</${element}>`).exec(answer) ?? [];
      if (user !== undefined && !call.action.startsWith("Delete")) {
        take(user, call);
      }
      return answer;
    },
  };
}

/** E.g. `app/chat-1a2b3c4d/50dc6c495c0c9188`, the same for a load balancer, its listeners and their rules. */
function loadBalancerOf(arn: string): string {
  return arn
    .replace(/^.*:[a-z-]+\//, "")
    .split("/")
    .slice(0, 3)
    .join("/");
}

function targetGroupsIn(body: string): ReadonlySet<string> {
  return new Set(
    [...new URLSearchParams(body)].flatMap(([key, value]) => (key.endsWith("TargetGroupArn") ? [value] : [])),
  );
}

/** An address is in one NAT gateway (EC2 API reference, CreateNatGateway). */
function oneGatewayPerAddress(): Gap {
  const gateways = new Map<string, string>();
  return {
    actions: ["CreateNatGateway", "DeleteNatGateway"],
    before: ({ action, body }) => {
      const form = new URLSearchParams(body);
      if (action === "DeleteNatGateway") {
        gateways.delete(form.get("NatGatewayId") ?? "");
        return undefined;
      }
      const address = form.get("AllocationId") ?? "";
      return [...gateways.values()].includes(address)
        ? ec2Error("Resource.AlreadyAssociated", `Elastic IP address [${address}] is already associated`)
        : undefined;
    },
    after: ({ action, body }, answer) => {
      const [, gateway] = /<natGatewayId>(.*?)<\/natGatewayId>/.exec(answer) ?? [];
      if (action === "CreateNatGateway" && gateway !== undefined) {
        gateways.set(gateway, new URLSearchParams(body).get("AllocationId") ?? "");
      }
      return answer;
    },
  };
}

/** A subnet stays while an instance is in it (EC2 API reference, DeleteSubnet). */
function subnetsInUse(ask: Ask): Gap {
  return {
    actions: ["DeleteSubnet"],
    before: async ({ region, body }) => {
      const subnet = new URLSearchParams(body).get("SubnetId") ?? "";
      const found = await ask(region, "DescribeInstances", {
        "Filter.1.Name": "subnet-id",
        "Filter.1.Value.1": subnet,
        "Filter.2.Name": "instance-state-name",
        "Filter.2.Value.1": "pending",
        "Filter.2.Value.2": "running",
        "Filter.2.Value.3": "stopping",
        "Filter.2.Value.4": "stopped",
      });
      return found.includes("<instanceId>")
        ? ec2Error("DependencyViolation", `The subnet '${subnet}' has dependencies and cannot be deleted.`)
        : undefined;
    },
  };
}

function elbError(code: string, message: string): Answer {
  const text = `<ErrorResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">
  <Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>
  <RequestId>refused</RequestId>
</ErrorResponse>`;
  return { status: 400, text };
}

function ec2Error(code: string, message: string): Answer {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>refused</RequestID></Response>`;
  return { status: 400, text };
}
