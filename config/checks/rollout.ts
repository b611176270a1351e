import { REFRESH_ALARMS } from "../../aws/limits";
import { type Diagnostic, error } from "../diagnostics/diagnostic";
import { type At, type Check, modelFiles, type Subject, variantsInRegions } from "./check";

/** What AWS and Terraform make of an instance refresh. */
export const checkRollout: Check = (subject) =>
  modelFiles(subject).flatMap(({ name, model: { rollout }, at }) => [
    ...rollbackDiagnostics(rollout, at),
    ...matchingDiagnostics(subject, name, rollout, at),
    ...alarmDiagnostics(subject, name, at),
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
