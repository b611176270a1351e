import { Lazy } from "cdktf";
import { requireLogPrefix } from "../../../constructs/storage/log-destination";

describe("the prefix of delivered logs", () => {
  it.each(["access", "alb/access"])("may be %s", (prefix) => {
    expect(() => requireLogPrefix(prefix)).not.toThrow();
  });

  it("must not contain AWSLogs", () => {
    expect(() => requireLogPrefix("alb/AWSLogs")).toThrow('must not contain "AWSLogs"');
  });

  it.each(["", "/access", "access/"])("must be a plain folder name, not %j", (prefix) => {
    expect(() => requireLogPrefix(prefix)).toThrow("without a slash at either end");
  });

  it("is accepted unchecked when it is a token", () => {
    expect(() => requireLogPrefix(Lazy.stringValue({ produce: () => "AWSLogs" }))).not.toThrow();
  });
});
