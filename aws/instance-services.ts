/**
 * The services that an instance calls. Without NAT it needs endpoints for them. S3 is not among them: it has a gateway
 * endpoint, which is free. Docker Hub, `public.ecr.aws` and Hugging Face have no endpoints, so without NAT images must
 * be in Amazon ECR and weights in S3.
 *
 * `ec2messages` is not needed either: SSM Agent 3.3.40 and later uses `ssmmessages` (Systems Manager user guide,
 * "ec2messages, ssmmessages, and other API operations"), and newer regions have no such service.
 */
export const INSTANCE_SERVICES: readonly string[] = [
  "autoscaling", // completes the lifecycle hooks, and reports an instance whose GPU is broken
  "ecr.api", // signs in to the registry
  "ecr.dkr", // the registry's own protocol; the layers come from S3
  "elasticloadbalancing", // deregisters a Spot instance before its interruption
  "logs", // the logs of the instance, and the metrics that are sent as log events
  "monitoring", // the metrics of GPUs and disks
  "secretsmanager", // tokens for the model server
  "ssm", // registers the instance with Systems Manager, and reads parameters
  "ssmmessages", // Session Manager and Run Command: the only access to an instance, since SSH is closed
  "sts", // the identity of the instance, and roles it assumes
];
