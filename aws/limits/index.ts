/**
 * What AWS allows, as named constants, each with the page it comes from.
 *
 * Terraform checks few of these before `apply` (see the provider's `validate`), so schema, checks and constructs
 * check them first. Names of sources:
 * - "ELBv2 API", "Auto Scaling API", "EC2 API" …: the service's API reference (action or type named after it);
 * - "ALB quotas": "Quotas for your Application Load Balancers", Application Load Balancers user guide;
 * - other pages are named in full.
 */
export * from "./alarms";
export * from "./auto-scaling";
export * from "./callers";
export * from "./instances";
export type * from "./limit";
export * from "./listener-rules";
export * from "./load-balancer";
export * from "./names";
export * from "./network";
export * from "./storage";
export * from "./target-group";
