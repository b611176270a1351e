import { TokenMap } from "cdktf/lib/tokens/private/token-map";

/**
 * Has cdktf forget its tokens, which it would keep for as long as the process runs: over 1 MB for each synthesis of a
 * small deployment. What was synthesized before cannot be synthesized again.
 */
export function forgetTokens(): void {
  for (const tokens of Object.values(TokenMap.instance())) {
    if (tokens instanceof Map) {
      tokens.clear();
    }
  }
}
