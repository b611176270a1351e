import fc from "fast-check";
import { awsName, balancerName, groupName, targetGroupName } from "../../../config/plan/names";
import { modelNames } from "../../support/arbitrary-serving-file";

const IDENTITY = { port: 8000, protocol: "HTTP", protocolVersion: "http1", network: "10.0.0.0/16" };
/** As the schema allows them. */
const variantNames = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/),
  fc.constantFrom("b-canary", "canary", "main"),
);
const deploymentNames = fc.stringMatching(/^[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,9})?$/);

describe("a name for AWS", () => {
  test("says what a thing is, and ends with a hash of all that makes it another", () => {
    expect(targetGroupName("chat", "llama-3-8b", "canary", IDENTITY)).toMatch(
      /^llama-3-8b-canary-[0-9a-f]{8}$/,
    );
    expect(balancerName("chat", { scheme: "internal", network: "vpc-1" })).toMatch(/^chat-[0-9a-f]{8}$/);
    expect(groupName("chat", "llama-3-8b", "canary")).toBe("chat.llama-3-8b.canary");
  });

  test("stays what it was in earlier versions, or every target group would be made anew", () => {
    expect(targetGroupName("chat", "llama-3-8b", "canary", IDENTITY)).toBe("llama-3-8b-canary-8133c4e5");
    expect(balancerName("chat", { scheme: "internal", network: "vpc-1" })).toBe("chat-a2af7216");
  });

  test("is cut where it is too long, and never after a hyphen", () => {
    expect(awsName(["a".repeat(22), "b"], {}, 32)).toMatch(/^a{22}-[0-9a-f]{8}$/);
    expect(awsName(["a".repeat(40)], {}, 32)).toMatch(/^a{23}-[0-9a-f]{8}$/);
  });

  test("is legal and short enough, whatever it is made of", () => {
    fc.assert(
      fc.property(deploymentNames, modelNames, variantNames, (deployment, model, variant) => {
        const some = [
          targetGroupName(deployment, model, variant, IDENTITY),
          balancerName(deployment, { scheme: "internal", network: "vpc-1" }),
        ];
        for (const name of some) {
          expect(name).toMatch(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/);
          expect(name).not.toContain("--");
        }
      }),
    );
  });

  test("is another for every other thing, also where what one reads of them is the same", () => {
    const things = fc.uniqueArray(fc.tuple(deploymentNames, modelNames, variantNames), {
      minLength: 2,
      maxLength: 30,
      selector: (thing) => thing.join("/"),
    });
    fc.assert(
      fc.property(things, (all) => {
        const found = [
          ...all.map(([deployment, model, variant]) => targetGroupName(deployment, model, variant, IDENTITY)),
          ...all.map(([deployment, model, variant]) => groupName(deployment, model, variant)),
        ];
        expect(new Set(found).size).toBe(found.length);
      }),
    );
    expect(targetGroupName("chat", "a-b", "c", IDENTITY)).not.toBe(
      targetGroupName("chat", "a", "b-c", IDENTITY),
    );
    const long = "llama-3-8b-instruct-abcdefghijk";
    expect(targetGroupName("chat", `${long}1`, "main", IDENTITY)).not.toBe(
      targetGroupName("chat", `${long}2`, "main", IDENTITY),
    );
  });
});

describe("what AWS cannot change in place", () => {
  const original = targetGroupName("chat", "llama", "main", IDENTITY);

  test.each([
    ["port", 8001],
    ["protocol", "HTTPS"],
    ["protocolVersion", "grpc"],
    ["network", "10.1.0.0/16"],
  ])("%s changes the name of a target group", (field, value) => {
    expect(targetGroupName("chat", "llama", "main", { ...IDENTITY, [field]: value })).not.toBe(original);
  });

  test("the deployment changes the name of a target group, though it does not stand in it", () => {
    expect(targetGroupName("talk", "llama", "main", IDENTITY)).not.toBe(original);
  });

  test.each([
    ["scheme", "internet-facing"],
    ["network", "vpc-2"],
  ])("%s changes the name of a load balancer", (field, value) => {
    const facts = { scheme: "internal", network: "vpc-1" };
    expect(balancerName("chat", { ...facts, [field]: value })).not.toBe(balancerName("chat", facts));
  });

  test("counts in any order, and does not count where it is undefined", () => {
    expect(awsName(["a"], { x: 1, y: 2 }, 32)).toBe(awsName(["a"], { y: 2, x: 1, z: undefined }, 32));
    expect(awsName(["a"], { x: 1 }, 32)).not.toBe(awsName(["a"], { y: 1 }, 32));
  });
});
