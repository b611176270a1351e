import "../../testing/matchers";

const stackWith = (Action: string) => ({
  resource: {
    aws_iam_policy: {
      own: {
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action, Resource: "*" }],
        }),
      },
    },
  },
});

describe.each(["toFitTheProvider", "toFitTheApi", "toFitTheGrammars", "toGrantWhatInstancesCall"] as const)(
  "%s",
  (matcher) => {
    it("takes a stack as text, and parsed", () => {
      expect(stackWith("ec2:DescribeTags"))[matcher]();
      expect(JSON.stringify(stackWith("ec2:DescribeTags")))[matcher]();
    });

    it("takes no stack without anything in it", () => {
      expect(() => expect({})[matcher]()).toThrow("it has no resource and no data source");
    });
  },
);

it("prints each finding on a line", () => {
  expect(() => expect(stackWith("ec2:DescribeTag")).toFitTheGrammars()).toThrow(
    /^expected the stack to fit the grammars\n\n {2}aws_iam_policy\.own: policy statement number 1 names ec2:DescribeTag, which is no action \(.*\)$/,
  );
  expect(() => expect(stackWith("ec2:DescribeTags")).not.toFitTheGrammars()).toThrow(
    "expected the stack not to fit the grammars",
  );
});
