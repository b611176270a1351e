import { listenerDefaultAction } from "../../../constructs/load-balancer/listener-default-action";

describe("the default action of a listener", () => {
  it("can answer 404 as OpenAI's clients expect it", () => {
    const { type, fixedResponse } = listenerDefaultAction({ notFound: {} });
    expect(type).toBe("fixed-response");
    expect(fixedResponse).toMatchObject({ statusCode: "404", contentType: "application/json" });
    expect(JSON.parse(fixedResponse?.messageBody ?? "")).toEqual({
      error: {
        message: expect.stringMatching(/\w/),
        type: "invalid_request_error",
        param: null,
        code: "model_not_found",
      },
    });
  });

  it("can have another message", () => {
    const { fixedResponse } = listenerDefaultAction({ notFound: { message: 'Try "/llama".' } });
    expect(JSON.parse(fixedResponse?.messageBody ?? "").error.message).toBe('Try "/llama".');
  });

  it("can forward by weight", () => {
    expect(
      listenerDefaultAction({
        forwardTo: {
          targetGroups: [{ arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0" }],
        },
      }),
    ).toMatchObject({
      type: "forward",
      forward: {
        targetGroup: [
          { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0", weight: 1 },
        ],
      },
    });
  });
});
