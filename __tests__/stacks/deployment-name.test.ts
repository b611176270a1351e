import { DataResource, Testing } from "cdktf";
import { rememberDeploymentName } from "../../stacks/deployment-name";
import { ServingStack } from "../../stacks/serving-stack";

describe("the name a stack was deployed under", () => {
  const stack = new ServingStack(Testing.app(), "us-east-1");
  rememberDeploymentName(stack, "chat");
  const synthesized = Testing.synth(stack);

  it("stays as it was when the file has another", () => {
    expect(synthesized).toHaveResourceWithProperties(DataResource, {
      input: { name: "chat" },
      lifecycle: expect.objectContaining({ ignore_changes: ["input"] }),
    });
  });

  it("must be the one in the file, or there is no plan", () => {
    const { postcondition } = JSON.parse(synthesized).resource.terraform_data["deployment-name"].lifecycle;
    expect(postcondition).toEqual([
      {
        condition: `\${self.output.name == "chat"}`,
        error_message: expect.stringMatching(
          /deployed under the name "\$\{self\.output\.name\}".*now says "chat".*-replace=terraform_data\.deployment-name$/,
        ),
      },
    ]);
  });
});
