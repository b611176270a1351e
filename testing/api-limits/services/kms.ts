import { KEY_DELETION_WINDOW } from "../../../aws/limits";
import { limited, none, type Service } from "../table";

/** What the resources of KMS become. */
export const kms: Service = {
  service: "kms",
  blocks: {
    aws_kms_key: {
      request: "CreateKeyRequest",
      arguments: {
        // The model takes 1 to 365 days, the service 7 to 30.
        deletion_window_in_days: limited(
          "ScheduleKeyDeletionRequest:PendingWindowInDays",
          KEY_DELETION_WINDOW,
        ),
        // A call without a value.
        enable_key_rotation: none("call"),
      },
    },
  },
};
