import { globalEndpointYaml } from "../../support/global-endpoint-file";
import { testRules } from "../../support/rule-cases";

const refused = (path: string, name: string) =>
  `error  ${path}  bucket-name-refused  "${name}" begins with a prefix that AWS reserves, which S3 refuses; choose another name`;

describe("a bucket that S3 refuses", () => {
  testRules([
    {
      name: "of weights, and of a mirror",
      changes: [
        [
          "weights: { uri: s3://example-weights/llama/, size: 15GiB }",
          "weights: { uri: ▸s3://xn--weights/llama/, mirrors: [▸s3://sthree-weights/llama/], size: 15GiB }",
        ],
      ],
      expected: [
        refused("models.llama.weights.uri", "xn--weights"),
        refused("models.llama.weights.mirrors[0]", "sthree-weights"),
      ],
    },
    {
      name: "of the load balancer's logs",
      changes: [["entry:\n", "entry:\n  logs: { bucket: ▸xn--logs }\n"]],
      expected: [refused("entry.logs.bucket", "xn--logs")],
    },
    {
      name: "of a region's logs, by its form",
      changes: [["  us-east-1:\n", "  us-east-1:\n    entry: { logs: { bucket: ▸Logs } }\n"]],
      expected: [
        'error  regions.us-east-1.entry.logs.bucket  wrong-format  "Logs" is not a bucket name: a-z, 0-9, hyphens and dots',
      ],
    },
    {
      name: "of the flow logs of an accelerator",
      yaml: globalEndpointYaml("accelerator"),
      changes: [
        [
          "globalEndpoint:\n",
          "globalEndpoint:\n  accelerator: { flowLogs: { bucket: ▸xn--flows, prefix: logs } }\n",
        ],
      ],
      expected: [refused("globalEndpoint.accelerator.flowLogs.bucket", "xn--flows")],
    },
  ]);
});
