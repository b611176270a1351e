import { testRules } from "../../support/rule-cases";

describe("the name of a deployment", () => {
  testRules([
    ...["internal", "internal-chat", "sg", "sg-chat", "sthree-chat", "amzn-s3-demo-chat"].map((name) => ({
      name: `not ${name}`,
      changes: [["name: chat", `name: ▸${name}`]] as const,
      expected: [
        `error  name  reserved-name  AWS reserves names that begin with "${["internal", "sg", "sthree", "amzn-s3-demo"].find((each) => name.startsWith(each))}-"; choose another beginning`,
      ],
    })),
    ...["internals", "sgx", "chat-internal", "amzn-s3"].map((name) => ({
      name,
      changes: [["name: chat", `name: ${name}`]] as const,
      expected: [],
    })),
  ]);
});
