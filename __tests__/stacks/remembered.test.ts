import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { DataResource, Testing } from "cdktf";
import { refuseOtherDeployment } from "../../stacks/remembered";
import { ServingStack } from "../../stacks/serving-stack";

describe("the name a stack was deployed under", () => {
  const stack = new ServingStack(Testing.app(), "us-east-1");
  refuseOtherDeployment(stack, "chat");
  const synthesized = Testing.synth(stack);

  it("stays in the state when the file has another", () => {
    expect(synthesized).toHaveResourceWithProperties(DataResource, {
      input: { name: "chat" },
      lifecycle: expect.objectContaining({ ignore_changes: ["input"] }),
    });
  });

  it("is checked before anything else, so that the plan shows the refusal alone", () => {
    new CloudwatchLogGroup(stack, "logs", { name: "logs" });
    new SnsTopic(stack, "topic", { dependsOn: [new S3Bucket(stack, "bucket")] });
    const { resource } = JSON.parse(Testing.synth(stack));
    expect(resource.aws_cloudwatch_log_group.logs.depends_on).toEqual(["terraform_data.deployment-name"]);
    expect(resource.aws_sns_topic.topic.depends_on).toEqual([
      "terraform_data.deployment-name",
      "aws_s3_bucket.bucket",
    ]);
    expect(resource.terraform_data["deployment-name"].depends_on).toBeUndefined();
  });

  it("must be the one in the file, or the plan fails", () => {
    const { postcondition } = JSON.parse(synthesized).resource.terraform_data["deployment-name"].lifecycle;
    expect(postcondition).toEqual([
      {
        condition: `\${self.output.name == "chat"}`,
        error_message: expect.stringMatching(
          /deployed under the name "\$\{self\.output\.name\}".*now says "chat".*replace terraform_data\.deployment-name: README\.md, "Another name"\.$/,
        ),
      },
    ]);
  });
});
