import { type UnpackedUserData, unpackUserData } from "../../testing/user-data";
import type { Aws } from "../aws-cli";

/** States of a refresh that has not ended. Source: Auto Scaling API, InstanceRefresh. */
const ACTIVE = ["Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"];

/** An instance refresh, as far as it matters here. */
export interface Refresh {
  readonly id: string;
  readonly status: string;
  readonly reason: string;
  readonly startTime: string;
  /** The version that it was asked to bring; undefined when it brought the one that the group had when it began. */
  readonly desired: number | undefined;
}

/** A version of the launch template, with what its instances run. */
export interface Version {
  readonly number: number;
  readonly created: string;
  /** The facts of its instances, e.g. `IMAGE`; undefined when they are no instances of this project. */
  readonly facts: UnpackedUserData["facts"] | undefined;
}

/** What is now of a group. */
export interface GroupState {
  readonly templateId: string;
  readonly created: string;
  /** The version of the launch template that every launch is of. */
  readonly version: number;
  /** The versions of the healthy instances in service. */
  readonly running: ReadonlySet<number>;
}

/** An Auto Scaling group in AWS. */
export class AwsGroup {
  readonly #aws: Aws;
  readonly #region: string;
  readonly #name: string;

  constructor(aws: Aws, region: string, name: string) {
    this.#aws = aws;
    this.#region = region;
    this.#name = name;
  }

  /** @throws Error when there is no such group of this project */
  async state(): Promise<GroupState> {
    const state = await this.stateIfAny();
    if (state === undefined) {
      throw new Error(`${this.#region} has no Auto Scaling group ${this.#name} of this project`);
    }
    return state;
  }

  /** Undefined when there is no such group of this project. */
  async stateIfAny(): Promise<GroupState | undefined> {
    const { AutoScalingGroups: groups } = await this.#call<{ AutoScalingGroups: readonly GroupAnswer[] }>(
      "autoscaling",
      ...["describe-auto-scaling-groups", "--auto-scaling-group-names", this.#name],
    );
    const template = groups[0]?.MixedInstancesPolicy?.LaunchTemplate.LaunchTemplateSpecification;
    if (template === undefined) {
      return undefined;
    }
    const serving = (groups[0]?.Instances ?? []).filter(
      ({ LifecycleState, HealthStatus }) => LifecycleState === "InService" && HealthStatus === "Healthy",
    );
    return {
      templateId: template.LaunchTemplateId,
      created: groups[0]?.CreatedTime ?? "",
      version: Number(template.Version),
      running: new Set(
        serving.flatMap(({ LaunchTemplate }) => (LaunchTemplate ? [Number(LaunchTemplate.Version)] : [])),
      ),
    };
  }

  /** Its refreshes of the last six weeks, the newest first. */
  async refreshes(): Promise<readonly Refresh[]> {
    const { InstanceRefreshes: found } = await this.#call<{ InstanceRefreshes: readonly RefreshAnswer[] }>(
      "autoscaling",
      ...["describe-instance-refreshes", "--auto-scaling-group-name", this.#name],
    );
    return found
      .map(
        ({
          InstanceRefreshId: id,
          Status: status,
          StatusReason: reason = "",
          StartTime: startTime = "",
          DesiredConfiguration: { LaunchTemplate, MixedInstancesPolicy } = {},
        }) => ({
          ...{ id, status, reason, startTime },
          desired: versionOf(
            LaunchTemplate ?? MixedInstancesPolicy?.LaunchTemplate.LaunchTemplateSpecification,
          ),
        }),
      )
      .sort((a, b) => timeOf(b.startTime) - timeOf(a.startTime));
  }

  /**
   * Cancels the active refresh, if there is one. It does not wait for instances that are launched or terminated just now:
   * Auto Scaling finishes with them by itself. Source: Auto Scaling API, CancelInstanceRefresh.
   *
   * @returns the refresh that is being cancelled; `undefined` when none is active
   */
  async cancel(): Promise<Refresh | undefined> {
    const active = (await this.refreshes()).find(isActive);
    if (active === undefined || active.status === "Cancelling") {
      return active;
    }
    try {
      await this.#call(
        "autoscaling",
        ...["cancel-instance-refresh", "--auto-scaling-group-name", this.#name],
        "--no-wait-for-transitioning-instances",
      );
    } catch (error) {
      // It has ended since.
      if (!String(error).includes("ActiveInstanceRefreshNotFound")) {
        throw error;
      }
    }
    return active;
  }

  /** All versions of the launch template, the newest first. */
  async versions(templateId: string): Promise<readonly Version[]> {
    const { LaunchTemplateVersions: found } = await this.#call<{
      LaunchTemplateVersions: readonly VersionAnswer[];
    }>("ec2", "describe-launch-template-versions", "--launch-template-id", templateId);
    return found
      .map(({ VersionNumber: number, CreateTime: created, LaunchTemplateData: { UserData = "" } }) => ({
        ...{ number, created, facts: unpackUserData(UserData)?.facts },
      }))
      .sort((a, b) => b.number - a.number);
  }

  /** Id of the machine image of a version of the launch template; undefined when the version names none. */
  async imageOf({
    templateId,
    version,
  }: Pick<GroupState, "templateId" | "version">): Promise<string | undefined> {
    const { LaunchTemplateVersions: found } = await this.#call<{
      LaunchTemplateVersions: readonly { readonly LaunchTemplateData: { readonly ImageId?: string } }[];
    }>(
      ...["ec2", "describe-launch-template-versions", "--launch-template-id", templateId],
      ...["--versions", String(version)],
    );
    return found[0]?.LaunchTemplateData.ImageId;
  }

  /** Those of the alarms that are not OK, or do not exist: AWS starts no refresh with them. */
  async notOk(names: readonly string[]): Promise<readonly string[]> {
    if (names.length === 0) {
      return [];
    }
    const { MetricAlarms: metric = [], CompositeAlarms: composite = [] } = await this.#call<{
      MetricAlarms?: readonly AlarmAnswer[];
      CompositeAlarms?: readonly AlarmAnswer[];
    }>(
      "cloudwatch",
      ...["describe-alarms", "--alarm-types", "MetricAlarm", "CompositeAlarm", "--alarm-names", ...names],
    );
    const ok = [...metric, ...composite].filter(({ StateValue }) => StateValue === "OK");
    return names.filter((name) => !ok.some(({ AlarmName }) => AlarmName === name));
  }

  async #call<Answer>(...args: readonly string[]): Promise<Answer> {
    return (await this.#aws(...args, "--region", this.#region)) as Answer;
  }
}

/** Whether a refresh has not ended. */
export function isActive({ status }: Refresh): boolean {
  return ACTIVE.includes(status);
}

/** The number of a version; undefined for `$Latest`, `$Default` and nothing. */
function versionOf(template: { readonly Version?: string } | undefined): number | undefined {
  const number = Number(template?.Version);
  return Number.isInteger(number) ? number : undefined;
}

/** Milliseconds since 1970; 0 for no time. */
export function timeOf(text: string): number {
  return text === "" ? 0 : Date.parse(text);
}

interface TemplateAnswer {
  readonly LaunchTemplateId: string;
  readonly Version: string;
}

interface PolicyAnswer {
  readonly LaunchTemplate: { readonly LaunchTemplateSpecification: TemplateAnswer };
}

interface GroupAnswer {
  readonly CreatedTime?: string;
  readonly MixedInstancesPolicy?: PolicyAnswer;
  readonly Instances?: readonly {
    readonly LifecycleState: string;
    readonly HealthStatus: string;
    readonly LaunchTemplate?: TemplateAnswer;
  }[];
}

interface RefreshAnswer {
  readonly InstanceRefreshId: string;
  readonly Status: string;
  readonly StatusReason?: string;
  readonly StartTime?: string;
  readonly DesiredConfiguration?: {
    readonly LaunchTemplate?: TemplateAnswer;
    readonly MixedInstancesPolicy?: PolicyAnswer;
  };
}

interface VersionAnswer {
  readonly VersionNumber: number;
  readonly CreateTime: string;
  readonly LaunchTemplateData: { readonly UserData?: string };
}

interface AlarmAnswer {
  readonly AlarmName: string;
  readonly StateValue: string;
}
