import * as z from "zod";
import { BUCKET_NAME } from "../../aws/limits";
import { entryOverrideSchema, entrySchema } from "./entry";
import { globalEndpointSchema, regionGlobalEndpointFields } from "./global-endpoint";
import { modelOverrideSchema, modelSchema, survival } from "./model";
import { networkSchema } from "./network";
import { observabilityOverrideSchema, observabilitySchema } from "./observability";
import { regionName } from "./region-name";
import { arn, name, tags } from "./scalars";

const state = z.strictObject({
  bucket: z
    .string()
    .min(BUCKET_NAME.minLength)
    .max(BUCKET_NAME.maxLength)
    .regex(/^[a-z0-9][a-z0-9.-]+[a-z0-9]$/, {
      error: ({ input }) => `"${input}" is not a bucket name: a-z, 0-9, hyphens and dots`,
    })
    .meta({
      description:
        "S3 bucket that keeps the Terraform state of all stacks of this deployment, and of no other, 3–63 characters; `npm run bootstrap` makes it.",
    }),
  region: regionName().meta({ description: "AWS region of that bucket." }),
  kmsKeyArn: arn("kms", "arn:aws:kms:us-east-1:123456789012:key/…").optional().meta({
    description: "KMS key that encrypts the state, in the bucket's region. Default: the key that S3 manages.",
  }),
});

const vcpus = (quota: string) =>
  z
    .int()
    .min(0)
    .optional()
    .meta({ description: `vCPUs of the quota "${quota}". Default: not checked.` });

const vcpuQuotas = z.strictObject({
  onDemandG: vcpus("Running On-Demand G and VT instances"),
  onDemandP: vcpus("Running On-Demand P instances"),
  spotG: vcpus("All G and VT Spot Instance Requests"),
  spotP: vcpus("All P4, P3 and P2 Spot Instance Requests"),
  spotP5: vcpus("All P5 Spot Instance Requests"),
});

const region = z.strictObject({
  network: networkSchema.meta({ description: "The region's VPC: one to make, or one that is there." }),
  entry: entryOverrideSchema.optional().meta({
    description: "What is different at this region's entry: any field of `entry`.",
  }),
  observability: observabilityOverrideSchema.optional().meta({
    description:
      "What is different about logs and metrics here: any field of the deployment's, or `false`. Default: as the deployment says.",
  }),
  models: z.record(name(), modelOverrideSchema).optional().meta({
    description: "What is different about a model here, by name; `false` leaves the model out.",
  }),
  ...regionGlobalEndpointFields,
  vcpuQuotas: vcpuQuotas.optional().meta({
    description:
      "The account's vCPU quotas here (Service Quotas, EC2). Those given must hold all groups at their largest.",
  }),
  tags: tags.optional().meta({
    description: "Tags of this region's resources, beside and over the deployment's. Default: none.",
  }),
});

const alarms = z.strictObject({
  email: z.email().optional().meta({
    description:
      "Address that is told in every region, and by the global endpoint; AWS asks it to confirm each. Default: none.",
  }),
  topicArns: z.array(arn("sns", "arn:aws:sns:us-east-1:123456789012:on-call")).prefault([]).meta({
    description:
      "SNS topics that are told, each of its own region's alarms. Those of the global endpoint are in us-east-1, or with an accelerator in us-west-2. Default: none.",
  }),
  silent: z.boolean().prefault(false).meta({
    description: "Says that alarms tell nobody, and silences the warning. Default: `false`.",
  }),
});

const notEmpty = (what: string) => ({
  error: `at least one ${what} is required`,
});

/** `serving.yaml`: everything a team says about its deployment. */
export const servingFileSchema = z
  .strictObject({
    name: name().max(20).meta({
      description:
        "Name of the deployment, 1–20 characters: part of every AWS name. Another name is another deployment, which needs a state bucket of its own.",
    }),
    state: state.meta({ description: "Where Terraform keeps its state." }),
    survive: survival().prefault("zone").meta({
      description:
        "What may be lost at the peak without launching anything: a `zone`; a `region`, or a zone, so that each region also carries its part of another's peak; or `nothing`, for trying things out. Default: `zone`.",
    }),
    tags: tags.prefault({}).meta({
      description:
        "Tags of every resource. Instances are launched with them, so a change rolls all instances. Default: none.",
    }),
    entry: entrySchema.meta({ description: "How callers come in." }),
    globalEndpoint: globalEndpointSchema.optional().meta({
      description:
        "One name over all regions, `entry.domain` itself, that leads to a region that works. Default: none, and each region has its own name only.",
    }),
    alarms: alarms.prefault({}).meta({ description: "Who is told when instances fail." }),
    observability: observabilitySchema.prefault({}).meta({
      description:
        "Logs of the instances, and metrics of their GPUs, disks, boots and servers, sent to CloudWatch by its agent; `false` leaves the agent out. A change rolls all instances.",
    }),
    regions: z
      .record(regionName(), region)
      .refine((regions) => Object.keys(regions).length > 0, notEmpty("region"))
      .meta({ description: "AWS regions, by name. Each is a stack of its own." }),
    models: z
      .record(name(), modelSchema)
      .refine((models) => Object.keys(models).length > 0, notEmpty("model"))
      .meta({ description: "Models, by name. Each is served in every region that does not leave it out." }),
  })
  .meta({
    title: "serving.yaml",
    description: "Highly available AI model serving on AWS, declared in one file.",
  });

export type ServingFile = z.output<typeof servingFileSchema>;
export type RegionFile = z.output<typeof region>;
