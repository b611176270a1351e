import type { LbListenerDefaultAction } from "@cdktf/provider-aws/lib/lb-listener";
import { openAiError } from "./openai-error";
import { forwardAction, type WeightedForward } from "./weighted-forward";

/** What a listener does with a request that no rule matches. */
export type ListenerDefaultAction =
  | {
      /**
       * Answers 404 with a JSON error in the form that OpenAI's clients understand.
       * `message` is for people.
       */
      readonly notFound: { readonly message?: string };
      readonly forwardTo?: never;
    }
  | {
      /** Forwards to target groups, by weight. */
      readonly forwardTo: WeightedForward;
      readonly notFound?: never;
    };

/**
 * The default action in the provider's form.
 *
 * @throws Error or RangeError when AWS would refuse `forwardTo`, see `forwardAction`
 */
export function listenerDefaultAction(action: ListenerDefaultAction): LbListenerDefaultAction {
  if (action.forwardTo !== undefined) {
    return forwardAction(action.forwardTo);
  }
  return {
    type: "fixed-response",
    fixedResponse: {
      statusCode: "404",
      contentType: "application/json",
      messageBody: openAiError(
        action.notFound.message ?? "No model is served at this address.",
        "invalid_request_error",
        "model_not_found",
      ),
    },
  };
}
