import * as z from "zod";
import { arn, optionalFields, retention } from "./scalars";

const RETENTION = "How long CloudWatch keeps the logs of boot, server and agent, in days that it knows.";
const KEY = "KMS key that encrypts them, of the region; its policy must let CloudWatch Logs use it.";

const logRetention = retention();
const kmsKeyArn = arn("kms", "arn:aws:kms:us-east-1:123456789012:key/…");

const complete = z.strictObject(
  optionalFields(
    {
      logRetention: logRetention.meta({ description: `${RETENTION} Default: \`30d\`.` }),
      kmsKeyArn: kmsKeyArn.meta({ description: `${KEY} Default: the key that CloudWatch Logs manages.` }),
    },
    { logRetention: "30d" },
  ),
);

/** What CloudWatch hears of the instances; `false` leaves its agent out. */
export const observabilitySchema = z.union([z.literal(false), complete]);

/** What one region does differently. */
export const observabilityOverrideSchema = z.union([
  z.literal(false),
  z.strictObject({
    logRetention: logRetention.optional().meta({ description: `${RETENTION} Default: the deployment's.` }),
    kmsKeyArn: kmsKeyArn.optional().meta({ description: `${KEY} Default: the deployment's.` }),
  }),
]);

/** Where nothing else is said. */
export const OBSERVABILITY_DEFAULT = complete.parse({});
