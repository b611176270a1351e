import { together } from "../../config/diagnostics/text";
import type { Loaded } from "../../config/load";
import { typesToAskFor } from "../../config/plan/zones";
import { type Aws, saidOf } from "../aws-cli";

type Good = Extract<Loaded, { readonly ok: true }>;

/** What AWS says of something that a deployment needs. */
export interface Answer {
  readonly what: string;
  /** Undefined: it could not be asked. */
  readonly isRight: boolean | undefined;
  readonly said: string;
}

/** Asks AWS for what a file needs of the account: quotas, instance types in the zones, hosted zone, certificates. */
export async function checkAccount({ deployment, file }: Good, aws: Aws): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const ask = async (what: string, question: () => Promise<Omit<Answer, "what">>): Promise<void> => {
    try {
      answers.push({ what, ...(await question()) });
    } catch (error) {
      answers.push({ what, isRight: undefined, said: `could not be asked: ${saidOf(error as Error)}` });
    }
  };
  for (const { name: region, vcpuQuotas, models, entry } of deployment.regions) {
    const inRegion = ["--region", region] as const;
    for (const { code, vcpus } of vcpuQuotas) {
      await ask(`quota ${code} in ${region}`, async () => {
        const { Quota: { Value = 0 } = {} } = (await aws(
          ...[
            "service-quotas",
            "get-service-quota",
            ...inRegion,
            "--service-code",
            "ec2",
            "--quota-code",
            code,
          ],
        )) as { readonly Quota?: { readonly Value?: number } };
        return { isRight: Value >= vcpus, said: `${Value} vCPUs, and the groups take up to ${vcpus}` };
      });
    }
    for (const { name, variants } of models) {
      for (const variant of variants) {
        const types = typesToAskFor(variant.settings);
        const of = variants.length === 1 ? name : `${name}.${variant.name}`;
        await ask(`instance types of ${of} in ${region}, ${together(types)}`, async () => {
          const { InstanceTypeOfferings: offered = [] } = (await aws(
            ...["ec2", "describe-instance-type-offerings", ...inRegion],
            ...["--location-type", "availability-zone"],
            ...["--filters", `Name=instance-type,Values=${types.join(",")}`],
          )) as {
            readonly InstanceTypeOfferings?: readonly {
              readonly InstanceType: string;
              readonly Location: string;
            }[];
          };
          const zones = new Set(offered.map(({ Location }) => Location));
          const found = zones.size === 0 ? "no zone" : together([...zones].sort());
          return {
            isRight: zones.size >= variant.zones.value,
            said: `in ${found}, and its sizes count on ${variant.zones.value}`,
          };
        });
      }
    }
    const { certificateArn: arn } = entry;
    if (arn !== undefined) {
      await ask(`certificate in ${region}`, async () => {
        const { Certificate: { Status = "" } = {} } = (await aws(
          ...["acm", "describe-certificate", ...inRegion, "--certificate-arn", arn],
        )) as { readonly Certificate?: { readonly Status?: string } };
        return { isRight: Status === "ISSUED", said: Status };
      });
    }
  }
  const { hostedZone, domain } = file.entry ?? {};
  const zone = hostedZone ?? domain;
  if (zone !== undefined && file.entry?.hostedZoneId === undefined) {
    await ask(`hosted zone ${zone}`, async () => {
      const { HostedZones: found = [] } = (await aws(
        ...["route53", "list-hosted-zones-by-name", "--dns-name", zone, "--max-items", "10"],
      )) as {
        readonly HostedZones?: readonly {
          readonly Name: string;
          readonly Config?: { readonly PrivateZone?: boolean };
        }[];
      };
      const isThere = found.some(({ Name, Config }) => Name === `${zone}.` && Config?.PrivateZone !== true);
      return { isRight: isThere, said: isThere ? "is there, and public" : "is not there, or not public" };
    });
  }
  return answers;
}

/** Of the command: 1 when something is wrong, 2 when nothing is that could be asked, but not all could be. */
export function exitCodeOf(answers: readonly Answer[]): number {
  const isSaid = (right: boolean | undefined) => answers.some(({ isRight }) => isRight === right);
  return isSaid(false) ? 1 : isSaid(undefined) ? 2 : 0;
}

/** One line for each answer. */
export function answerText({ what, isRight, said }: Answer): string {
  const mark = isRight === undefined ? "?" : isRight ? "ok" : "NO";
  return `${mark.padEnd(3)}${what}: ${said}`;
}
