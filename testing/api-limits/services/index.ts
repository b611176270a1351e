import type { Service } from "../table";
import { acm } from "./acm";
import { autoScaling } from "./auto-scaling";
import { cloudwatch } from "./cloudwatch";
import { ec2 } from "./ec2";
import { elbv2 } from "./elbv2";
import { events } from "./events";
import { globalAccelerator } from "./global-accelerator";
import { iam } from "./iam";
import { kms } from "./kms";
import { logs } from "./logs";
import { provider } from "./provider";
import { resourceGroups } from "./resource-groups";
import { route53 } from "./route53";
import { s3 } from "./s3";
import { serviceQuotas } from "./service-quotas";
import { sns } from "./sns";
import { ssm } from "./ssm";
import { wafv2 } from "./wafv2";

/** Every service whose resources or data sources this project synthesizes. */
export const SERVICES: readonly Service[] = [
  ...[acm, autoScaling, cloudwatch, ec2, elbv2, events, globalAccelerator, iam],
  ...[kms, logs, provider, resourceGroups, route53, s3, serviceQuotas, sns, ssm, wafv2],
];
