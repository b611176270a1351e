import { account } from "../../config/account";
import { loadDeployment } from "../../config/load";

function accountOf(file: string): readonly string[] {
  const loaded = loadDeployment(file);
  return loaded.ok ? account(loaded.deployment).split("\n") : [];
}

test("an account names the stacks, each region with its models and boxes, and the next command", () => {
  expect(accountOf("serving.yaml")).toEqual([
    "chat: stacks state, eu-west-1, us-east-1",
    "",
    ...["eu-west-1", "us-east-1"].flatMap((region) => [
      `${region}  3 zones, internet-facing, https://${region}.models.example.com, open to 203.0.113.0/24`,
      "  llama-3-8b  canary 5 %   2–3 boxes of g6.2xlarge, g5.2xlarge",
      "              stable 95 %  5–8 boxes of g6.2xlarge, g5.2xlarge",
      "  qwen-72b    main 100 %   3–6 boxes of g6.12xlarge, g5.12xlarge",
      "",
    ]),
    "Next: npm run bootstrap, once, for the state bucket; then npx cdktf diff eu-west-1",
  ]);
});

test("an account says aloud what is not encrypted, and open to all", () => {
  expect(accountOf("examples/minimal.yaml")).toContain(
    "us-east-1  2 zones, internet-facing, unencrypted http at the load balancer's name, open to anyone on the internet",
  );
});
