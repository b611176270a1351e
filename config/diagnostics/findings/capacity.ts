import { anotherModel, model, parts, region, secondRegion } from "./example";
import type { Findings } from "./finding";

const DEMAND = "peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100";
const LATENCY = "globalEndpoint: { routing: latency }";

/** How many instances there are, what they survive, and how they change. */
export const capacity = {
  "capacity-missing": {
    severity: "error",
    sentence: "Nothing says how many instances the model needs.",
    example: `models:\n  ${anotherModel("port: 8000").replaceAll("\n", "\n  ")}`,
    remedy: "Add `capacity`: `min` and `max`, or `peakRequestsPerMinute` and `requestsPerMinutePerInstance`.",
  },
  "capacity-incomplete": {
    severity: "error",
    sentence: "`capacity` does not say enough to work out how many instances the model needs.",
    example: model("capacity: { max: 6 }"),
    remedy: "Add `min`, or both `peakRequestsPerMinute` and `requestsPerMinutePerInstance`.",
  },
  "max-below-need": {
    severity: "error",
    sentence: "`max` allows fewer instances than the peak needs once a zone or region is lost.",
    example: model(`capacity: { ${DEMAND}, max: 4 }`),
    remedy: "Raise `max`. `npm run explain` shows how the need is worked out.",
  },
  "requests-unknown": {
    severity: "error",
    sentence:
      "`typicalRequest` is to tell how many requests an instance serves, and something is missing for that.",
    example: model("capacity: { peakRequestsPerMinute: 120, typicalRequest: { promptTokens: 1500 } }"),
    remedy:
      "Write both numbers of tokens, or `duration`; and `memory` with what a token takes of the KV cache. Or measure `requestsPerMinutePerInstance`, and write it.",
  },
  "request-beyond-context": {
    severity: "error",
    sentence: "The usual request is longer than the server's context, so the server would refuse it.",
    example: model(
      "memory: { parameters: 8B, layers: 32, kvHeads: 8, headDim: 128, contextLength: 1024 }",
      "capacity: { peakRequestsPerMinute: 120, typicalRequest: { promptTokens: 1500, answerTokens: 300 } }",
    ),
    remedy: "Write a longer `memory.contextLength`, or the tokens of requests that the server takes.",
  },
  "requests-estimated": {
    severity: "warning",
    sentence:
      "`requestsPerMinutePerInstance` is not written, so it is estimated from how many requests fit into the GPUs at a time, and how fast those are. All sizes follow from it, so the least that is likely is taken.",
    example: model(
      "memory: { parameters: 8B, layers: 32, kvHeads: 8, headDim: 128, contextLength: 8192 }",
      "capacity: { peakRequestsPerMinute: 120, typicalRequest: { promptTokens: 1500, answerTokens: 300 } }",
    ),
    remedy:
      "Once instances run, `npm run measured` tells [what one serves](operations.md#logs-and-metrics); write that. Until then accept the warning.",
  },
  "max-zero": {
    severity: "error",
    sentence: "A group that may never have an instance serves nothing.",
    example: model("capacity: { min: 0, max: 0 }"),
    remedy: "Leave the variant or the model out instead.",
  },
  "min-zero": {
    severity: "error",
    sentence: "A group without instances counts no requests, so nothing would ever make it grow.",
    example: model("capacity: { min: 0, max: 6 }"),
    remedy: "Write a `min` of 1 or more.",
  },
  "reservation-in-one-zone": {
    severity: "error",
    sentence:
      "A capacity reservation, or a Capacity Block, is in one zone. Instances that are launched into this one only are all lost with its zone.",
    example: model(
      "capacityReservation: { preference: capacity-reservations-only, id: cr-0123456789abcdef0 }",
    ),
    remedy:
      "Make a reservation in each zone, and list them in `capacityReservation.reservations`; or write `survive: nothing`. Of Capacity Blocks one group takes only one: serve the model in another region too.",
  },
  "reservation-of-one-type": {
    severity: "error",
    sentence:
      "A capacity reservation is of one instance type. With `capacity-reservations-only` the other types can never be launched.",
    example: model(
      "instanceTypes: [g6.2xlarge, g5.2xlarge]",
      "survive: nothing",
      "capacityReservation: { preference: capacity-reservations-only, id: cr-0123456789abcdef0 }",
    ),
    remedy:
      "Name the reserved type alone, or list a reservation of each type in `capacityReservation.reservations`.",
  },
  "zone-loss-not-survived": {
    severity: "error",
    sentence:
      "With `min` instances, the loss of one zone leaves too few to carry the load until others have started.",
    example: model("capacity: { min: 1, max: 6 }"),
    remedy:
      "Raise `min` to the number in the message, or write `survive: nothing`, or accept `min-below-peak` where the message says so.",
  },
  "min-below-peak": {
    severity: "warning",
    sentence:
      "`min` may be less than carries the peak after the loss of a zone or region: the file accepts that, or does not write the peak.",
    example: model("capacity: { min: 3, max: 6, requestsPerMinutePerInstance: 60 }"),
    remedy:
      "Write `peakRequestsPerMinute`, and leave `min` out: it is derived then. Where requests may fail at such a peak until other instances have started, accept this: a written `min` that is too small for a written peak is then no error either.",
  },
  "region-loss-not-survived": {
    severity: "error",
    sentence: "With `min` instances, the region cannot also carry its part of another region's peak.",
    example: parts(
      LATENCY,
      "survive: region",
      secondRegion(),
      model(`capacity: { min: 9, max: 20, ${DEMAND} }`),
    ),
    remedy: "Raise `min` to the number in the message, or write `survive: zone`, or accept `min-below-peak`.",
  },
  "served-in-one-region": {
    severity: "error",
    sentence: "The model is to survive the loss of a region, and is served in one region only.",
    example: parts("survive: region", model(`capacity: { ${DEMAND} }`)),
    remedy: "Serve it in another region, or write `survive: zone`.",
  },
  "takeover-unknown": {
    severity: "error",
    sentence:
      "The model is to survive the loss of a region, and nothing says how many requests come over from a lost one.",
    example: parts(LATENCY, "survive: region", secondRegion()),
    remedy: "Add `peakRequestsPerMinute` and `requestsPerMinutePerInstance`, or write `survive: zone`.",
  },
  "takeover-too-small": {
    severity: "warning",
    sentence:
      "The model survives the loss of one region, but the region that takes over has too few instances for it.",
    example: parts(
      LATENCY,
      "survive: region",
      secondRegion(["models: { llama: { survive: zone } }"]),
      model(`capacity: { ${DEMAND} }`),
    ),
    remedy: "Write `survive: region` for both regions, or for neither.",
  },
  "weight-contradicts-peaks": {
    severity: "warning",
    sentence: "The weights bring a region more requests than its peak says, so it is too small for them.",
    example: parts(
      "globalEndpoint: { routing: weighted }",
      secondRegion(["weight: 50"], ["weight: 150"]),
      model(`capacity: { ${DEMAND} }`),
    ),
    remedy: "Write peaks in proportion to the weights, as in the message, or change the weights.",
  },
  "vcpu-quota-too-small": {
    severity: "error",
    sentence:
      "The groups of the region may take more vCPUs than the quota that the file declares. AWS would refuse the last instances.",
    example: region("vcpuQuotas: { onDemandG: 8 }"),
    remedy: "Ask AWS for a higher quota and write it here, or lower `max`.",
  },
  "no-scaling": {
    severity: "warning",
    sentence: "The group may grow, but nothing makes it do so.",
    example: model("scaling: {}"),
    remedy: "Add `scaling.requestsPerMinutePerInstance`, or write the same `min` and `max`.",
  },
  "scaling-target-too-high": {
    severity: "error",
    sentence: "The group grows only after its instances are overloaded.",
    example: model("capacity: { peakRequestsPerMinute: 120, requestsPerMinutePerInstance: 50 }"),
    remedy:
      "Lower `scaling.requestsPerMinutePerInstance` below `capacity.requestsPerMinutePerInstance`, or leave it out: then it is 80 % of that.",
  },
  "waiting-metric-unknown": {
    severity: "error",
    sentence:
      "The group is to grow by waiting requests, and it is not known which metric of the server counts them.",
    example: model("server: ollama", "scaling: { waitingRequestsPerInstance: 4 }"),
    remedy: "Name the gauge in `metrics.waiting`, or use `requestsPerMinutePerInstance`.",
  },
  "waiting-metric-not-collected": {
    severity: "error",
    sentence: "The group is to grow by waiting requests, and nothing sends this number to CloudWatch.",
    example: parts("observability: false", model("scaling: { waitingRequestsPerInstance: 4 }")),
    remedy: "Turn `observability` on, or use `requestsPerMinutePerInstance`.",
  },
  "no-room-for-rollout": {
    severity: "warning",
    sentence: "The group is always at `max`, so no new instance can start before an old one goes.",
    example: model("capacity: { min: 3, max: 3 }"),
    remedy:
      "Raise `max` by one, or set `rollout.minHealthy` to the percentage of instances that must stay healthy.",
  },
  "rollout-takes-all-instances": {
    severity: "warning",
    sentence: "A new version may take all instances out of service at once.",
    example: model("rollout: { minHealthy: 0 }"),
    remedy: "Write 100, or at least 50.",
  },
  "rollout-range-refused": {
    severity: "error",
    sentence: "AWS takes `maxHealthy` no lower than `minHealthy`, and at most 100 above it.",
    example: model("rollout: { minHealthy: 50, maxHealthy: 200 }"),
    remedy: "Bring the two closer together.",
  },
  "checkpoints-do-not-rise": {
    severity: "error",
    sentence: "Checkpoints are per cents of replaced instances, so they rise and end with 100.",
    example: model("rollout: { checkpoints: [50, 10, 100] }"),
    remedy: "Write them in rising order, such as `[10, 50, 100]`.",
  },
} as const satisfies Findings;
