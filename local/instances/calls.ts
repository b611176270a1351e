import type { IncomingMessage } from "node:http";
import type { Asked } from "../../testing/iam/permissions";
import type { Template } from "./template";

/** A request to an API of AWS: where it is asked, for what, and its parameters. */
export interface AwsRequest {
  readonly region: string;
  /** Such as `autoscaling`. */
  readonly service: string;
  readonly action: string;
  parameter(name: string): string;
}

/** The resource of a call, by its action; that of what no instance has called so far is unknown. Source: Service Authorization Reference. */
const RESOURCES: Readonly<Record<string, (request: AwsRequest, group: string) => string>> = {
  "autoscaling:CompleteLifecycleAction": (request) =>
    groupArn(request, request.parameter("AutoScalingGroupName")),
  "autoscaling:DescribeAutoScalingGroups": () => "*",
  "autoscaling:RecordLifecycleActionHeartbeat": (request) =>
    groupArn(request, request.parameter("AutoScalingGroupName")),
  "autoscaling:SetInstanceHealth": groupArn,
  "elasticloadbalancing:DeregisterTargets": ({ parameter }) => parameter("TargetGroupArn"),
  "secretsmanager:GetSecretValue": ({ parameter }) => parameter("SecretId"),
};

/** What a signed request asks for, in words, if the role of the instance that sent it does not allow that. */
export function denial(
  request: IncomingMessage,
  body: Buffer,
  { allows, group }: Template,
): string | undefined {
  const asked = awsRequest(request, body);
  const action = `${asked.service}:${asked.action}`;
  const call =
    asked.service === "s3" ? s3Call(request) : { action, resource: RESOURCES[action]?.(asked, group) };
  const about = Object.entries(call.context ?? {}).map(([key, values]) => ` with ${key} "${values}"`);
  return call.resource !== undefined && allows(call)
    ? undefined
    : `${call.action} on ${call.resource}${about}`;
}

/** Reads a signed request. Those to S3 have no name of an action in them. */
export function awsRequest(request: IncomingMessage, body: Buffer): AwsRequest {
  const [, region = "", service = ""] =
    /Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
  const operation =
    service === "s3" ? { action: "", parameter: () => "" } : operationOf(request, body.toString());
  return { region, service, ...operation };
}

/** By the protocols "query", a form with the action, and "json", whose header has it. */
function operationOf({ headers }: IncomingMessage, body: string): Pick<AwsRequest, "action" | "parameter"> {
  const target = headers["x-amz-target"];
  if (target !== undefined) {
    const parameters = JSON.parse(body);
    return { action: String(target).replace(/^.*\./, ""), parameter: (name) => parameters[name] };
  }
  const form = new URLSearchParams(body);
  return { action: form.get("Action") ?? "", parameter: (name) => form.get(name) ?? "" };
}

/** Source: Amazon S3 user guide, "Required permissions for Amazon S3 API operations". */
function s3Call({ method, headers, url = "" }: IncomingMessage): Asked {
  const [, ofHost] = /^(.+)\.s3\.[a-z0-9-]+\.amazonaws\.com/.exec(headers.host ?? "") ?? [];
  const { pathname, searchParams } = new URL(url, "https://s3");
  const path = decodeURIComponent(pathname.slice(1));
  const [, bucket = "", key = ""] =
    /^([^/]*)\/?(.*)$/s.exec(ofHost === undefined ? path : `${ofHost}/${path}`) ?? [];
  const arn = `arn:aws:s3:::${bucket}`;
  if (key !== "" && (method === "GET" || method === "HEAD")) {
    return { action: "s3:GetObject", resource: `${arn}/${key}` };
  }
  if (key === "" && searchParams.has("list-type")) {
    return {
      action: "s3:ListBucket",
      resource: arn,
      context: { "s3:prefix": [searchParams.get("prefix") ?? ""] },
    };
  }
  return { action: `s3: ${method} ${url}`, resource: undefined };
}

function groupArn({ region }: AwsRequest, group: string): string {
  const id = "6f0b8e2a-0000-4000-8000-000000000000";
  return `arn:aws:autoscaling:${region}:123456789012:autoScalingGroup:${id}:autoScalingGroupName/${group}`;
}
