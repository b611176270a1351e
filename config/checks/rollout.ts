import { DEREGISTRATION_DELAY, REFRESH_ALARMS } from "../../aws/limits";
import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import { together } from "../diagnostics/text";
import { LONGEST_LOAD } from "../plan/timing";
import { variantId } from "../plan/variant-id";
import { formatDuration } from "../units";
import {
  type At,
  type Check,
  modelFiles,
  type Subject,
  type VariantInRegion,
  variantsInRegions,
} from "./check";

/** What AWS and Terraform make of an instance refresh. */
export const checkRollout: Check = (subject) =>
  modelFiles(subject).flatMap(({ name, model: { rollout }, at }) => [
    ...rollbackDiagnostics(rollout, at),
    ...matchingDiagnostics(subject, name, rollout, at),
    ...alarmDiagnostics(subject, name, at),
    ...cancelDiagnostics(subject, name, at),
    ...launchDiagnostics(subject, name, at),
  ]);

/** Source: terraform-provider-aws, `resourceGroupUpdate`, and issue 34189; Auto Scaling user guide, "How an instance refresh works". */
function rollbackDiagnostics(
  { autoRollback }: { readonly autoRollback: boolean },
  at: At,
): readonly Diagnostic[] {
  return autoRollback
    ? [
        error(
          "auto-rollback-refused",
          at("rollout", "autoRollback"),
          "Terraform sets the new version on the group before the refresh begins: AWS would go back to the new version, and refuse the next deploy meanwhile; remove it, and go back by npm run back",
        ),
      ]
    : [];
}

/** Source: Auto Scaling user guide, "How an instance refresh works", Limitations. */
function matchingDiagnostics(
  subject: Subject,
  name: string,
  { skipMatching }: { readonly skipMatching?: boolean },
  at: At,
): readonly Diagnostic[] {
  const byRequirements = variantsInRegions(subject).some(
    ({ model, variant }) => model.name === name && variant.settings.instanceRequirements !== undefined,
  );
  return skipMatching === true && byRequirements
    ? [
        error(
          "skip-matching-refused",
          at("rollout", "skipMatching"),
          "AWS starts no refresh that skips matching instances with instanceRequirements; remove it",
        ),
      ]
    : [];
}

function alarmDiagnostics(subject: Subject, name: string, at: At): readonly Diagnostic[] {
  const inAll = variantsInRegions(subject)
    .filter(({ model }) => model.name === name)
    .map(({ model, variant }) => variant.refresh.stoppedBy.length + model.rollout.alarms.length);
  const most = Math.max(0, ...inAll);
  return most > REFRESH_ALARMS.max
    ? [
        error(
          "too-many-refresh-alarms",
          at("rollout", "alarms"),
          `${most} alarms, with the variant's own, are more than the ${REFRESH_ALARMS.max} that a refresh takes; name fewer, or set stopOnAlarms to false`,
        ),
      ]
    : [];
}

/**
 * Seconds that the provider waits for a running refresh to be cancelled. AWS waits meanwhile for instances that are
 * launched or terminated. Source: terraform-provider-aws, `instanceRefreshCancelledTimeout`, which calls
 * CancelInstanceRefresh with the default of WaitForTransitioningInstances.
 */
const CANCEL_TIMEOUT = 15 * 60;

/**
 * Seconds for which AWS retries a refresh that makes no progress. Source: Auto Scaling user guide, "How an instance
 * refresh works", Limitations. It does not say whether an instance in `Pending:Wait` is progress.
 */
const REFRESH_PATIENCE = 60 * 60;

function cancelDiagnostics(subject: Subject, name: string, at: At): readonly Diagnostic[] {
  const [first, ...others] = variantsInRegions(subject).filter(({ model }) => model.name === name);
  const loadTime = first?.model.timing.loadTime.value ?? 0;
  const drain = first?.model.timing.drain.value ?? 0;
  return first === undefined || isRefused(subject, name) || loadTime + drain <= CANCEL_TIMEOUT
    ? []
    : [
        warning(
          "refresh-outlasts-cancel",
          at("loadTime"),
          `a deploy while a refresh runs cancels it, which can take load and drain, ${formatDuration(loadTime + drain)}; Terraform waits ${formatDuration(CANCEL_TIMEOUT)}, then fails with the new version on the group and no refresh of it; cancel it before: ${cancelCommand(first)}; and if it has happened: ${startCommand(subject.file.name, first)}${alike(others)}`,
        ),
      ];
}

/** Whether the times of a model are refused anyway, as longer than AWS allows. */
function isRefused({ file }: Subject, name: string): boolean {
  const { loadTime = 0, longestRequest = 0 } = file.models[name] ?? {};
  return loadTime > LONGEST_LOAD || longestRequest > DEREGISTRATION_DELAY.max;
}

function cancelCommand({ region, variant }: VariantInRegion): string {
  return `aws autoscaling cancel-instance-refresh --region ${region.name} --auto-scaling-group-name ${variant.groupName} --no-wait-for-transitioning-instances`;
}

/** The groups to which the same happens. */
function alike(others: readonly VariantInRegion[]): string {
  const groups = others.map(({ region, variant }) => `${variant.groupName} in ${region.name}`);
  return groups.length === 0 ? "" : `; likewise ${together(groups)}`;
}

/** With all that a refresh by Terraform has, or it would be without its alarms. */
function startCommand(deployment: string, { region, model, variant }: VariantInRegion): string {
  const { capacity, refresh } = variant;
  const { rollout, timing } = model;
  const { checkpoints } = rollout;
  const alarmPrefix = `${deployment}.${variantId(model, variant)}`;
  const alarms = [...refresh.stoppedBy.map((alarm) => `${alarmPrefix}.${alarm}`), ...rollout.alarms];
  const preferences = [
    `MinHealthyPercentage=${capacity.minHealthy.value}`,
    `MaxHealthyPercentage=${capacity.maxHealthy.value}`,
    ...(refresh.skipMatching ? ["SkipMatching=true"] : []),
    `InstanceWarmup=${timing.refreshWarmUp.value}`,
    ...(checkpoints === undefined
      ? []
      : [
          `CheckpointPercentages=[${checkpoints.percentages.join(",")}]`,
          `CheckpointDelay=${checkpoints.delay}`,
        ]),
    ...(alarms.length === 0 ? [] : [`AlarmSpecification={Alarms=[${alarms.join(",")}]}`]),
  ];
  return `aws autoscaling start-instance-refresh --region ${region.name} --auto-scaling-group-name ${variant.groupName} --preferences '${preferences.join(",")}'`;
}

function launchDiagnostics(subject: Subject, name: string, at: At): readonly Diagnostic[] {
  const [first] = variantsInRegions(subject).filter(({ model }) => model.name === name);
  const launchHook = first?.model.timing.launchHook.value ?? 0;
  const isWritten = subject.file.models[name]?.timing.launchHook !== undefined;
  return isRefused(subject, name) || launchHook <= REFRESH_PATIENCE
    ? []
    : [
        warning(
          "launch-outlasts-refresh",
          isWritten ? at("timing", "launchHook") : at("loadTime"),
          `an instance may load for ${formatDuration(launchHook)}, and AWS ends a refresh that makes no progress for ${formatDuration(REFRESH_PATIENCE)}; it does not say whether an instance that loads is progress; make loading faster, or the launch hook ${formatDuration(REFRESH_PATIENCE)} or less`,
        ),
      ];
}
