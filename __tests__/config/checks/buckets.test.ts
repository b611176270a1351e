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
      name: "of what a server reads, by address and by ARN",
      changes: [
        [
          "    loadTime: 6m\n",
          '    loadTime: 6m\n    reads: [▸s3://xn--streamed/llama/, ▸"arn:aws:s3:::sthree-streamed/llama/*"]\n',
        ],
      ],
      expected: [
        refused("models.llama.reads[0]", "xn--streamed"),
        refused("models.llama.reads[1]", "sthree-streamed"),
      ],
    },
    {
      name: "of the certificates of clients",
      changes: [
        [
          "callers: unauthenticated",
          "callers: { mtls: { bundle: ▸s3://a..b/a.pem, revocations: [▸s3://192.168.0.1/a.crl] } }",
        ],
      ],
      expected: [
        'error  entry.callers.mtls.bundle  bucket-name-refused  "a..b" holds a dot beside another dot or a hyphen, which S3 refuses; choose another name',
        'error  entry.callers.mtls.revocations[0]  bucket-name-refused  "192.168.0.1" is written like an IP address, which S3 refuses; choose another name',
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
