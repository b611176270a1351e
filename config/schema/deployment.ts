import * as z from "zod";
import { ARN_FORMS } from "../../aws/arn";
import { acceptSchema, acceptWithControlsSchema } from "./accept";
import { accountSchema } from "./account";
import { entryOverrideSchema, entrySchema } from "./entry";
import { finding } from "./errors/codes";
import { globalEndpointSchema, regionGlobalEndpointFields } from "./global-endpoint";
import { modelOverrideSchema, modelSchema, survival } from "./model";
import { networkSchema } from "./network";
import { observabilityOverrideSchema, observabilitySchema } from "./observability";
import { regionName } from "./region-name";
import { arn, bucketName, name, tags } from "./scalars";

const state = z.strictObject({
  bucket: bucketName().meta({
    description:
      "S3 bucket for the Terraform state of all stacks of this deployment, and of no other deployment; 3–63 characters. `npm run bootstrap` makes it.",
  }),
  region: regionName().meta({ description: "AWS region of that bucket." }),
  kmsKeyArn: arn(ARN_FORMS.keyOrAlias).optional().meta({
    description:
      "KMS key that encrypts the state, in the bucket's region. Default: `npm run bootstrap` makes one, for $1 a month.",
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
  onDemandStandard: vcpus("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances"),
  spotStandard: vcpus("All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests"),
});

const region = z.strictObject({
  network: networkSchema.meta({ description: "The region's VPC: one to make, or an existing one." }),
  entry: entryOverrideSchema.optional().meta({
    description: "Fields of `entry` that differ in this region.",
  }),
  observability: observabilityOverrideSchema.optional().meta({
    description:
      "Fields of `observability` that differ in this region, or `false`. Default: the deployment's.",
  }),
  models: z.record(name(), modelOverrideSchema).optional().meta({
    description:
      "Fields of models that differ in this region, by the model's name. `false`: the model is not served here.",
  }),
  ...regionGlobalEndpointFields,
  vcpuQuotas: z
    .union([z.literal(false), vcpuQuotas])
    .optional()
    .meta({
      description:
        "The account's vCPU quotas in this region (Service Quotas, EC2). All groups at their largest must fit into each quota that is given. Terraform asks AWS for all of them when it plans, which needs the permission `servicequotas:GetServiceQuota`; `false`: it does not ask. Default: it asks.",
    }),
  tags: tags.optional().meta({
    description:
      "More tags for this region's resources. A tag here overrides the deployment's of the same key. Default: none.",
  }),
  accept: acceptWithControlsSchema.optional(),
});

const alarms = z.strictObject({
  email: z.email().optional().meta({
    description:
      "Email address that every region and the global endpoint notify. AWS asks it to confirm once for each. Default: none.",
  }),
  topicArns: z.array(arn(ARN_FORMS.topic)).prefault([]).meta({
    description:
      "SNS topics to notify. Each gets the alarms of its own region. Those of the global endpoint are in us-east-1, or with an accelerator in us-west-2. Default: none.",
  }),
  scalingActivities: z.boolean().prefault(false).meta({
    description:
      "Whether both are told of every launch and every end of an instance too, and not only of launches that fail. Auto Scaling sends each as JSON, and each deploy and each step of scaling has several. The key of a topic of one's own must allow the service-linked role of Auto Scaling. Default: `false`.",
  }),
  accept: acceptSchema.optional(),
});

const notEmpty = (what: string) => ({
  ...finding("wrong-length"),
  error: `at least one ${what} is required`,
});

/** Characters of a deployment's name: what is added to it has to fit the names of AWS too. */
export const LONGEST_DEPLOYMENT_NAME = 20;

/** `serving.yaml`: everything a team writes about its deployment. */
export const servingFileSchema = z
  .strictObject({
    name: name().max(LONGEST_DEPLOYMENT_NAME).meta({
      description:
        "Name of the deployment, 1–20 characters. Most names in AWS begin with it. Another name is another deployment, and needs its own state bucket.",
    }),
    base: z
      .string()
      .min(1)
      .optional()
      .meta({
        description:
          "Another file, by its path from this one, over which this file is laid: what both staging and production have. Mappings are merged; any other value, a list too, is in place of the base's. The base may have a base of its own. Default: none.",
        examples: ["base.yaml"],
      }),
    account: accountSchema.optional().meta({
      description:
        "The AWS account, and what its security team asks of what is made there. Default: any account.",
    }),
    state: state.meta({ description: "Where Terraform keeps its state." }),
    survive: survival().prefault("zone").meta({
      description:
        "What may fail at the peak while the instances that are left carry all requests. `zone`: one Availability Zone. `region`: one region, or one zone; each region then has room for clients of another. `nothing`: for trials. Default: `zone`.",
    }),
    tags: tags.prefault({}).meta({
      description:
        "Tags of every resource. Instances are launched with them, so a change replaces all instances. Default: none.",
    }),
    entry: entrySchema.meta({ description: "How clients reach the load balancers." }),
    globalEndpoint: globalEndpointSchema.optional().meta({
      description:
        "One name for all regions, `entry.domain` itself, that sends each client to a healthy region. Default: none; each region has its own name only.",
    }),
    alarms: alarms.prefault({}).meta({ description: "Who is notified when something fails." }),
    observability: observabilitySchema.prefault({}).meta({
      description:
        "Logs of the instances, and metrics of their GPUs, disks, boots and servers. The CloudWatch agent sends them; `false`: no agent. A change replaces all instances.",
    }),
    regions: z
      .record(regionName(), region)
      .refine((regions) => Object.keys(regions).length > 0, notEmpty("region"))
      .meta({ description: "The AWS regions, by their codes. Each is a stack of its own." }),
    models: z
      .record(name(), modelSchema)
      .refine((models) => Object.keys(models).length > 0, notEmpty("model"))
      .meta({
        description: "The models, by name. Each is served in every region that does not leave it out.",
      }),
    accept: acceptWithControlsSchema.optional(),
  })
  .meta({
    title: "serving.yaml",
    description: "Highly available AI model serving on AWS, declared in one file.",
  });

export type ServingFile = z.output<typeof servingFileSchema>;
export type RegionFile = z.output<typeof region>;
