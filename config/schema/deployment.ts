import * as z from "zod";
import { BUCKET_NAME } from "../aws/limits";
import { region as awsRegion, regionCodes } from "../aws/regions";
import { closest } from "../suggest";
import { entryOverrideSchema, entrySchema } from "./entry";
import { modelOverrideSchema, modelSchema } from "./model";
import { networkSchema } from "./network";
import { arn, name, tags } from "./scalars";

const regionName = () =>
  z.string().refine((code) => awsRegion(code) !== undefined, {
    error: ({ input }) => {
      const near = closest(String(input), regionCodes);
      return `region "${input}" is not an AWS region${near.length > 0 ? `; closest: ${near.join(", ")}` : ""}`;
    },
  });

const state = z.strictObject({
  bucket: z
    .string()
    .min(BUCKET_NAME.minLength)
    .max(BUCKET_NAME.maxLength)
    .regex(/^[a-z0-9][a-z0-9.-]+[a-z0-9]$/, {
      error: ({ input }) => `"${input}" is not a bucket name: a-z, 0-9, hyphens and dots`,
    })
    .meta({
      description: "S3 bucket that holds the Terraform state of all stacks; `npm run bootstrap` makes it.",
    }),
  region: regionName().meta({ description: "Where that bucket is." }),
  kmsKeyArn: arn("kms", "arn:aws:kms:us-east-1:123456789012:key/…").optional().meta({
    description: "Key that encrypts the state. Default: S3's own encryption.",
  }),
});

const vcpus = (quota: string) =>
  z
    .int()
    .min(0)
    .optional()
    .meta({ description: `Quota "${quota}", in vCPUs.` });

const vcpuQuotas = z.strictObject({
  onDemandG: vcpus("Running On-Demand G and VT instances"),
  onDemandP: vcpus("Running On-Demand P instances"),
  spotG: vcpus("All G and VT Spot Instance Requests"),
  spotP: vcpus("All P4, P3 and P2 Spot Instance Requests"),
  spotP5: vcpus("All P5 Spot Instance Requests"),
});

const region = z.strictObject({
  network: networkSchema.meta({ description: "A VPC made for the region, or one that is there." }),
  entry: entryOverrideSchema.optional().meta({ description: "What is different at this region's entry." }),
  models: z.record(name(), modelOverrideSchema).optional().meta({
    description: "What is different about a model here; `false` leaves it out.",
  }),
  vcpuQuotas: vcpuQuotas.optional().meta({
    description:
      "The account's vCPU quotas here (Service Quotas, EC2); when given, the most boxes must fit into them.",
  }),
  tags: tags().optional().meta({ description: "Tags of this region's resources, over the deployment's." }),
});

const alarms = z.strictObject({
  email: z.email().optional().meta({ description: "Who is told; AWS asks that address to confirm." }),
  topicArns: z.array(arn("sns", "arn:aws:sns:us-east-1:123456789012:on-call")).prefault([]).meta({
    description: "SNS topics that are told; a region's alarms use the topics of that region.",
    default: [],
  }),
  silent: z.boolean().prefault(false).meta({
    description: "Alarms exist and tell nobody; silences the warning.",
    default: false,
  }),
});

const notEmpty = (what: string) => ({
  error: `at least one ${what} is required`,
});

/** `serving.yaml`: everything a team says about its deployment. */
export const servingFileSchema = z.strictObject({
  name: name().max(20).meta({
    description:
      "Name of the deployment: part of every AWS name and of the state's key. Another name is another deployment.",
  }),
  state: state.meta({ description: "Where Terraform keeps its state." }),
  survive: z.enum(["zone", "nothing"]).prefault("zone").meta({
    description:
      "What may be lost at the peak without launching anything: a `zone`, or `nothing`, for trying things out.",
    default: "zone",
  }),
  tags: tags().prefault({}).meta({ description: "Tags of every resource.", default: {} }),
  entry: entrySchema.meta({ description: "How callers come in." }),
  alarms: alarms.prefault({}).meta({ description: "Who is told when boxes fail.", default: {} }),
  regions: z
    .record(regionName(), region)
    .refine((regions) => Object.keys(regions).length > 0, notEmpty("region"))
    .meta({ description: "AWS regions, by name; each is a stack of its own." }),
  models: z
    .record(name(), modelSchema)
    .refine((models) => Object.keys(models).length > 0, notEmpty("model"))
    .meta({ description: "Models, by name; each is served in every region." }),
});

export type ServingFile = z.output<typeof servingFileSchema>;
export type RegionFile = z.output<typeof region>;
