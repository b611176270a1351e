import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What stands between Terraform and the emulator, and makes up for what moto does not do. */
export interface EmulatorFront {
  readonly endpoint: string;
  /** Names of the Auto Scaling groups whose boxes AWS was asked to replace, in the order of asking. */
  readonly refreshes: readonly string[];
  /**
   * Lets the next call of this action through, but keeps the answer back for good: AWS has done it, and whoever
   * asked does not know.
   *
   * @returns a promise of the moment at which it is done
   */
  keepBackAnswerTo(action: string): Promise<void>;
  stop(): Promise<void>;
}

/** The parameters of a call of one of AWS's older interfaces. */
type Form = URLSearchParams;
type Parameters = readonly (readonly [string, string])[];

/**
 * Hands requests on to the emulator, but for three gaps of moto:
 * - It has no instance refreshes. Here they are noted, and said to have begun.
 * - An update of an Auto Scaling group that names no mixed instances policy erases the one that is there. AWS
 *   leaves what is not named as it is (Auto Scaling API, UpdateAutoScalingGroup). Here the last one is named again.
 * - It lists the tags of a new launch template among those of what it launches, so that every plan would make
 *   another version of it. Here they are taken off the list.
 */
export async function startEmulatorFront(emulator: string): Promise<EmulatorFront> {
  const refreshes: string[] = [];
  const policies = new Map<string, Parameters>();
  const keptBack = new Map<string, () => void>();

  const server = createServer(async (incoming, response) => {
    const body = await bodyOf(incoming);
    const form = formOf(incoming, body);
    const action = form?.get("Action") ?? "";
    if (form !== undefined && action === "StartInstanceRefresh") {
      refreshes.push(form.get("AutoScalingGroupName") ?? "");
      response.writeHead(200, { "content-type": "text/xml" }).end(refreshStarted(refreshes.length));
      return;
    }
    const sent =
      form !== undefined && namePolicyAgain(policies, form, regionOf(incoming))
        ? Buffer.from(form.toString())
        : body;
    const upstream = await handOn(emulator, incoming, sent);
    const done = keptBack.get(action);
    if (done !== undefined) {
      keptBack.delete(action);
      await bodyOf(upstream);
      done();
    } else if (action === "DescribeLaunchTemplateVersions") {
      const answer = withoutTemplatesOwnTags(await bodyOf(upstream));
      response.writeHead(200, { ...upstream.headers, "content-length": answer.length }).end(answer);
    } else {
      response.writeHead(upstream.statusCode ?? 502, upstream.headers);
      upstream.pipe(response);
    }
  });
  const endpoint = await listen(server);
  return {
    endpoint,
    refreshes,
    keepBackAnswerTo: (action) => new Promise((resolve) => keptBack.set(action, resolve)),
    stop: () => close(server),
  };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function formOf({ headers }: IncomingMessage, body: Buffer): Form | undefined {
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  return isForm ? new URLSearchParams(body.toString()) : undefined;
}

/** The region a request is signed for. */
function regionOf({ headers: { authorization = "" } }: IncomingMessage): string {
  return /Credential=[^/]*\/\d+\/([^/]+)\//.exec(authorization)?.[1] ?? "";
}

/** @returns whether anything was added to the form */
function namePolicyAgain(policies: Map<string, Parameters>, form: Form, region: string): boolean {
  const group = `${region} ${form.get("AutoScalingGroupName")}`;
  if (!/^(Create|Update)AutoScalingGroup$/.test(form.get("Action") ?? "")) {
    return false;
  }
  const named = [...form].filter(([key]) => key.startsWith("MixedInstancesPolicy."));
  if (named.length > 0) {
    policies.set(group, named);
    return false;
  }
  for (const [key, value] of policies.get(group) ?? []) {
    form.append(key, value);
  }
  return policies.has(group);
}

function refreshStarted(count: number): string {
  return `<StartInstanceRefreshResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">
  <StartInstanceRefreshResult><InstanceRefreshId>refresh-${count}</InstanceRefreshId></StartInstanceRefreshResult>
  <ResponseMetadata><RequestId>refresh-${count}</RequestId></ResponseMetadata>
</StartInstanceRefreshResponse>`;
}

function withoutTemplatesOwnTags(answer: Buffer): Buffer {
  const own = /<item><resourceType>launch-template<\/resourceType><tagSet>.*?<\/tagSet><\/item>/gs;
  return Buffer.from(answer.toString().replace(own, ""));
}

function handOn(
  emulator: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const { "transfer-encoding": _, ...others } = headers;
  return new Promise((resolve, reject) => {
    const sent = { method, headers: { ...others, "content-length": body.length } };
    request(new URL(url ?? "/", emulator), sent, resolve)
      .once("error", reject)
      .end(body);
  });
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
