import { Lazy } from "cdktf";
import fc from "fast-check";
import { requireElbName } from "../../../constructs/load-balancer/elb-name";

const check = (name: string) => () => requireElbName("target group name", name);

describe("a name for Elastic Load Balancing", () => {
  it.each(["a", "chat-llama-3", "7B", "a".repeat(32)])("may be %s", (name) => {
    expect(check(name)).not.toThrow();
  });

  it("may have 32 characters and no more", () => {
    expect(check("a".repeat(35))).toThrow(
      `target group name "${"a".repeat(35)}" has 35 characters; the limit is 32: shorten it by 3`,
    );
  });

  it.each(["", "-a", "a-", "a_b", "a.b", "modèle", "a b"])("may not be %j", (name) => {
    expect(check(name)).toThrow("may hold only letters, digits and inner hyphens");
  });

  it("is let through when only Terraform knows it", () => {
    expect(check(Lazy.stringValue({ produce: () => "-" }))).not.toThrow();
  });

  it("is taken just when AWS would take it", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9._-]{0,34}$/), (name) => {
        const valid =
          name.length <= 32 && /^[a-zA-Z0-9-]+$/.test(name) && !name.startsWith("-") && !name.endsWith("-");
        if (valid) {
          expect(check(name)).not.toThrow();
        } else {
          expect(check(name)).toThrow();
        }
      }),
    );
  });
});
