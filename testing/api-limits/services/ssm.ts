import type { Service } from "../table";

/** What the data sources of Systems Manager become. */
export const ssm: Service = {
  service: "ssm",
  blocks: { "data.aws_ssm_parameter": { request: "GetParameterRequest" } },
};
