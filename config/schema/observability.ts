import * as z from "zod";
import { ARN_FORMS } from "../../aws/arn";
import { arn, optionalFields, retention } from "./scalars";

const RETENTION =
  "How long CloudWatch keeps the logs of boot, server and agent: one of the numbers of days that it allows.";
const KEY =
  "KMS key of the region that encrypts these logs, and those of the VPC and of the web ACL that are made. Its policy must let CloudWatch Logs use it.";

const logRetention = retention();
const kmsKeyArn = arn(ARN_FORMS.keyOrAlias);

const complete = z.strictObject(
  optionalFields(
    {
      logRetention: logRetention.meta({
        description: `${RETENTION} Default: \`365d\`; a GB costs $0.03 a month in us-east-1.`,
      }),
      kmsKeyArn: kmsKeyArn.meta({ description: `${KEY} Default: each region makes one, for $1 a month.` }),
    },
    { logRetention: "365d" },
  ),
);

/** What the CloudWatch agent sends about the instances; `false`: no agent. */
export const observabilitySchema = z.union([z.literal(false), complete]);

/** A region's override. */
export const observabilityOverrideSchema = z.union([
  z.literal(false),
  z.strictObject({
    logRetention: logRetention.optional().meta({ description: `${RETENTION} Default: the deployment's.` }),
    kmsKeyArn: kmsKeyArn.optional().meta({ description: `${KEY} Default: the deployment's.` }),
  }),
]);

/** Default. */
export const OBSERVABILITY_DEFAULT = complete.parse({});
