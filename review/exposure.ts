import { boolOf, type Json, listOf } from "../testing/terraform/json";
import { openedToCallers } from "./callers";
import { hasOtherBundle } from "./certificates";
import { type ResourceChange, type StackChange, UNKNOWN } from "./deployment";
import { hasPublicAddress } from "./money";
import { isLetIn, portsOf, portText } from "./ports";
import { grownRights } from "./rights";
import { type RegionSides, regionSides, type Sides } from "./sides";

/** Something that more can reach, do or read than before. */
export interface Exposure {
  readonly stack: string;
  readonly address: string;
  /** What is open now, in a sentence. */
  readonly says: string;
}

/** All that opens: who may call what that could not, rights that grew, addresses that are public, protection that went. */
export function exposureOf(stacks: readonly StackChange[], sides: Sides): readonly Exposure[] {
  return stacks
    .filter(({ isLeft }) => !isLeft)
    .flatMap((stack) =>
      [
        ...openedPorts(stack),
        ...openedToCallers(regionSides(stack, sides)),
        ...openedListeners(stack, regionSides(stack, sides)),
        ...stack.changes.flatMap(openedBy),
        ...grownRights(stack),
      ].map((each) => ({ stack: stack.name, ...each })),
    );
}

type Found = Omit<Exposure, "stack">;

/** What no rule of before let in. That a rule has another address, or lets in a part of that, opens nothing. */
function openedPorts(stack: StackChange): readonly Found[] {
  const isNew = stack.changes.every(({ before }) => before === undefined);
  const known = portsOf(stack, "before");
  return portsOf(stack, "after")
    .filter((port) => !isLetIn(port, known))
    .filter(({ source }) => !isNew || EVERYONE.has(source))
    .map((port) => ({ address: port.address, says: portText(port) }));
}

const EVERYONE: ReadonlySet<string> = new Set(["0.0.0.0/0", "::/0"]);

/** Listeners without TLS that had it. */
function openedListeners(stack: StackChange, { before, after }: RegionSides): readonly Found[] {
  const listenersOf = (region: RegionSides["after"]) =>
    region?.loadBalancers.flatMap((each) => each.listeners) ?? [];
  const old = listenersOf(before);
  return listenersOf(after)
    .filter(
      ({ address, protocol, defaultAction }) =>
        protocol === "HTTP" &&
        defaultAction.type !== "redirect" &&
        old.some((each) => each.address === address && each.protocol === "HTTPS"),
    )
    .map(({ address }) => ({ address, says: `${stack.name} takes requests without TLS` }));
}

/** Argument, what it has to be to protect, and what its loss means. */
const PROTECTIONS: readonly (readonly [
  type: RegExp,
  path: RegExp,
  isSafe: (value: Json) => boolean,
  says: string,
])[] = [
  [
    /^aws_a?lb$/,
    /^internal$/,
    (value) => boolOf(value) === true,
    "the load balancer has public addresses: whoever the security group lets in reaches it from the internet",
  ],
  [
    /^aws_a?lb$/,
    /^(access_logs|connection_logs)(\.(0\.)?enabled)?$/,
    (value) => boolOf(listOf(value)[0]?.enabled ?? value) === true,
    "the load balancer writes these logs no longer",
  ],
  [
    /^aws_a?lb$/,
    /^enable_deletion_protection$/,
    (value) => boolOf(value) === true,
    "the load balancer may be deleted",
  ],
  [
    /^aws_a?lb$/,
    /^drop_invalid_header_fields$/,
    (value) => boolOf(value) === true,
    "headers that are not valid reach the instances",
  ],
  [
    /^aws_launch_template$/,
    /^block_device_mappings\.(\d+\.)?ebs\.(0\.)?encrypted$/,
    (value) => boolOf(value) === true,
    "the volumes of new instances are not encrypted",
  ],
  [
    /^aws_launch_template$/,
    /^metadata_options\.(0\.)?http_tokens$/,
    (value) => value === "required",
    "the metadata of new instances is read without a token",
  ],
  [
    /^aws_subnet$/,
    /^map_public_ip_on_launch$/,
    (value) => boolOf(value) !== true,
    "what is launched in the subnet gets a public address",
  ],
  [
    /^aws_(db_instance|rds_cluster_instance)$/,
    /^publicly_accessible$/,
    (value) => boolOf(value) !== true,
    "the database has a public address",
  ],
  [
    /^aws_(db_instance|rds_cluster|docdb_cluster)$/,
    /^deletion_protection$/,
    (value) => boolOf(value) === true,
    "the database may be deleted",
  ],
  [
    /^aws_s3_bucket_versioning$/,
    /^versioning_configuration\.(0\.)?status$/,
    (value) => value === "Enabled",
    "the bucket keeps no versions of what is overwritten",
  ],
  [
    /^aws_iam_role$/,
    /^permissions_boundary$/,
    (value) => typeof value === "string" && value !== "",
    "no boundary limits the permissions of the role any more",
  ],
  [
    /^aws_s3_bucket_public_access_block$/,
    /^(block|ignore|restrict)_public/,
    (value) => boolOf(value) === true,
    "the bucket may become public",
  ],
];

const REVOCATION = "aws_lb_trust_store_revocation";

/** Resources whose deletion takes a protection away. */
const PROTECTING: Readonly<Record<string, string>> = {
  [REVOCATION]:
    "certificates that only this list revokes are let in again: what is in another list, only S3 knows",
  aws_flow_log: "the connections of the network are recorded no longer",
  aws_cloudtrail: "calls of AWS's APIs are recorded no longer",
  aws_s3_bucket_logging: "who reads the bucket is recorded no longer",
  aws_s3_bucket_public_access_block: "the bucket may become public",
  aws_s3_bucket_server_side_encryption_configuration: "the bucket is encrypted by S3's own keys only",
  aws_wafv2_web_acl_logging_configuration: "what the web ACL refuses is recorded no longer",
  aws_wafv2_web_acl_association: "no web ACL sees the requests any more",
};

function openedBy(change: ResourceChange): readonly Found[] {
  const { address, type, action, before, after, differences } = change;
  const isGone = action === "delete" || (action.startsWith("replace") && type === REVOCATION);
  if (isGone && PROTECTING[type] !== undefined) {
    return [{ address, says: PROTECTING[type] }];
  }
  const lost = PROTECTIONS.filter(
    ([types, paths, isSafe]) =>
      types.test(type) &&
      differences.some(
        (each) =>
          paths.test(each.path) && isSafe(each.before) && each.after !== UNKNOWN && !isSafe(each.after),
      ),
  ).map(([, , , says]) => ({ address, says }));
  const isOpened =
    type === "aws_launch_template" && before && after && !hasPublicAddress(before) && hasPublicAddress(after);
  const key = differences.find(
    ({ path, after: is }) => /^kms_(key_id|master_key_id)$/.test(path) && listOf(is).join("") === "",
  );
  return [
    ...lost,
    ...(hasOtherBundle(change)
      ? [
          {
            address,
            says: "other authorities may be trusted for certificates of clients: what is in the bundle, only S3 knows",
          },
        ]
      : []),
    ...(isOpened ? [{ address, says: "new instances have public addresses" }] : []),
    ...(key === undefined ? [] : [{ address, says: "it is encrypted with a key of yours no longer" }]),
  ];
}
