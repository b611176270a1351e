import { inBrief, leftToChange, plannedChanges } from "./plan-changes";

const RULE = "aws_vpc_security_group_ingress_rule.from-alb";
const GROUP = "aws_autoscaling_group.instances";
const update = (address: string, before: object, after: object) => ({
  address,
  type: address.split(".")[0],
  mode: "managed",
  change: { actions: ["update"], before, after, after_unknown: {} },
});
const written = (address: string, ...attributes: readonly string[]) => ({
  configuration: {
    root_module: {
      resources: [{ address, expressions: Object.fromEntries(attributes.map((each) => [each, {}])) }],
    },
  },
});

describe("what moto forgets", () => {
  const forgotten = update(GROUP, { default_instance_warmup: 0 }, { default_instance_warmup: 80 });

  test("is no change", () => {
    expect(plannedChanges({ resource_changes: [forgotten] })).toEqual([]);
  });

  test("hides no other new value", () => {
    const other = update(GROUP, { default_instance_warmup: 0 }, { default_instance_warmup: 81 });
    expect(inBrief(plannedChanges({ resource_changes: [other] }))).toEqual([
      "1 update aws_autoscaling_group default_instance_warmup",
    ]);
  });

  test("hides no other present value", () => {
    const other = update(GROUP, { default_instance_warmup: 1 }, { default_instance_warmup: 80 });
    expect(plannedChanges({ resource_changes: [other] })).toHaveLength(1);
  });

  test("hides no other attribute", () => {
    const other = update(GROUP, { health_check_grace_period: 0 }, { health_check_grace_period: 80 });
    expect(plannedChanges({ resource_changes: [other] })).toHaveLength(1);
  });

  test("hides no other text", () => {
    const text = (description: string) => [update(RULE, { description: null }, { description })];
    expect(plannedChanges({ resource_changes: text("Port 8000 from the load balancer") })).toEqual([]);
    expect(plannedChanges({ resource_changes: text("Port 8000 from anywhere") })).toHaveLength(1);
  });

  test("hides nothing that changes beside it", () => {
    const beside = update(
      GROUP,
      { default_instance_warmup: 0, max_size: 6 },
      { default_instance_warmup: 80, max_size: 8 },
    );
    expect(inBrief(plannedChanges({ resource_changes: [beside] }))).toEqual([
      "1 update aws_autoscaling_group max_size",
    ]);
  });
});

describe("a second plan finds", () => {
  test("an output that changes", () => {
    const output_changes = { endpoint: { actions: ["update"] }, urls: { actions: ["no-op"] } };
    expect(leftToChange({ output_changes })).toEqual(["update output endpoint"]);
  });

  test("what was deleted", () => {
    const gone = { address: "aws_lb.alb", type: "aws_lb", change: { before: {}, after: null } };
    expect(leftToChange({ resource_drift: [gone] })).toEqual(["gone aws_lb"]);
  });

  test("an attribute that was written and is another now", () => {
    const resource_drift = [update(GROUP, { max_size: 6 }, { max_size: 7 })];
    expect(leftToChange({ resource_drift, ...written(GROUP, "max_size") })).toEqual([
      "drift aws_autoscaling_group max_size",
    ]);
  });

  test.each<[string, object, object, readonly string[]]>([
    ["that AWS makes up", { arn: "a" }, { arn: "b" }, ["name"]],
    ["that is empty instead of absent", { tags: null }, { tags: {} }, ["tags"]],
  ])("no attribute %s", (_, before, after, attributes) => {
    const resource_drift = [update(GROUP, before, after)];
    expect(leftToChange({ resource_drift, ...written(GROUP, ...attributes) })).toEqual([]);
  });

  test("no attribute that moto forgets", () => {
    const description = "Port 8000 from the load balancer";
    const resource_drift = [update(RULE, { description }, { description: null })];
    expect(leftToChange({ resource_drift, ...written(RULE, "description") })).toEqual([]);
  });
});
