import { parseArn } from "../../aws/arn";
import { CERTIFICATE_NAME, DOMAIN_NAME, LOG_FOLDER, RULES_PER_SECURITY_GROUP } from "../../aws/limits";
import { allowsOldTls, DEFAULT_TLS_POLICY, tlsPolicy, tlsPolicyNames } from "../../aws/tls-policies";
import { bothGiven, type Diagnostic, error, type Path } from "../diagnostics/diagnostic";
import { closest, didYouMean } from "../diagnostics/suggest";
import { count, listed } from "../diagnostics/text";
import { asksIdentityProvider } from "../plan/callers";
import type { Region } from "../plan/deployment";
import { isRegional } from "../plan/entry";
import { entrySetting, entrySettings, isOfOneRegion } from "../plan/overrides";
import { instancePorts } from "../plan/targets";
import type { ServingFile } from "../schema/deployment";
import type { EntryFile } from "../schema/entry";
import { formatDuration, SECONDS_PER_DAY } from "../units";
import { type Check, isVast, repetitions } from "./check";
import { inboundRuleDiagnostics } from "./inbound-rules";

type EntryAt = (field: keyof EntryFile, ...rest: Path) => Path;

/** How clients connect: encryption, names, certificates, who is allowed, and the times of the load balancer. */
export const checkEntries: Check = ({ file, deployment }) =>
  deployment.regions.flatMap((region) => {
    const at: EntryAt = (field, ...rest) => [...entrySetting(file, region.name, field).path, ...rest];
    const written = entrySettings(file, region.name);
    return [
      ...(region.entry.protocol === "https"
        ? [...httpsDiagnostics(region, at), ...tlsDiagnostics(written.tlsPolicy, at)]
        : plainHttpDiagnostics(written, at)),
      ...domainDiagnostics(region, written, at),
      ...allowDiagnostics(file, written, at),
      ...webAclDiagnostics(region, at),
      ...wafDiagnostics(region, (written.waf || undefined)?.block ?? [], at),
      ...inboundRuleDiagnostics(region, at("allow")),
      ...outboundRuleDiagnostics(region),
      ...logDiagnostics(file, written.logs, at),
      ...timeDiagnostics(region, written.idleTimeout, at),
      ...defaultModelDiagnostics(file, region, at),
    ];
  });

function httpsDiagnostics({ name, entry }: Region, at: EntryAt): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (entry.certificateArn === undefined && entry.domain === undefined) {
    diagnostics.push(
      error(
        "certificate-missing",
        at("protocol"),
        "HTTPS needs a certificateArn or a domain; without either, write protocol: unencrypted-http",
      ),
    );
  }
  const certificateRegion = parseArn(entry.certificateArn)?.region;
  if (certificateRegion !== undefined && certificateRegion !== name) {
    diagnostics.push(
      error(
        "in-another-region",
        at("certificateArn"),
        `the certificate is in ${certificateRegion}; the load balancer in ${name} needs one of its own region: write it under regions.${name}.entry, or give a domain`,
      ),
    );
  }
  return diagnostics;
}

function tlsDiagnostics(name: string | undefined, at: EntryAt): readonly Diagnostic[] {
  if (name === undefined) {
    return [];
  }
  const policy = tlsPolicy(name);
  if (policy === undefined) {
    const near = didYouMean(closest(name, tlsPolicyNames));
    return [
      error(
        "unknown-tls-policy",
        at("tlsPolicy"),
        `"${name}" is not a security policy of Application Load Balancers${near}`,
      ),
    ];
  }
  return allowsOldTls(policy)
    ? [error("old-tls", at("tlsPolicy"), `"${name}" allows TLS below 1.2; use ${DEFAULT_TLS_POLICY}`)]
    : [];
}

/** Fields that have an effect with HTTPS only. */
const HTTPS_FIELDS = ["certificateArn", "tlsPolicy", "redirectHttp"] as const;

function plainHttpDiagnostics(entry: EntryFile, at: EntryAt): readonly Diagnostic[] {
  return HTTPS_FIELDS.filter((field) => entry[field] !== undefined).map((field) =>
    error(
      "field-without-effect",
      at(field),
      `${field} means nothing with protocol: unencrypted-http; remove one of the two`,
    ),
  );
}

function domainDiagnostics(
  { entry: { domain, hostName, certifiedName } }: Region,
  { hostedZone, hostedZoneId }: EntryFile,
  at: EntryAt,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (domain === undefined) {
    const zone = { hostedZone, hostedZoneId };
    for (const field of ["hostedZone", "hostedZoneId"] as const) {
      if (zone[field] !== undefined) {
        diagnostics.push(
          error(
            "field-without-effect",
            at(field),
            `${field} means nothing without a domain; add domain, or remove it`,
          ),
        );
      }
    }
    return diagnostics;
  }
  if (hostedZone !== undefined && hostedZoneId !== undefined) {
    diagnostics.push(
      bothGiven(at("hostedZoneId"), at("hostedZone"), "set either hostedZone or hostedZoneId, not both"),
    );
  }
  if (hostedZone !== undefined && domain !== hostedZone && !domain.endsWith(`.${hostedZone}`)) {
    diagnostics.push(
      error(
        "domain-outside-zone",
        at("hostedZone"),
        `"${hostedZone}" does not hold "${domain}"; name the zone that does`,
      ),
    );
  }
  const { maxLength: max } = certifiedName === undefined ? DOMAIN_NAME : CERTIFICATE_NAME;
  const what = certifiedName === undefined ? "a name in DNS" : "a certificate's name";
  if (hostName !== undefined && hostName.length > max) {
    diagnostics.push(
      error(
        "domain-too-long",
        at("domain"),
        `${hostName} has ${hostName.length} characters; ${what} may have ${max}: use a shorter domain`,
      ),
    );
  }
  return diagnostics;
}

function allowDiagnostics(
  file: ServingFile,
  { allow, dualStack }: EntryFile,
  at: EntryAt,
): readonly Diagnostic[] {
  if (allow === "anyone-on-the-internet") {
    return [];
  }
  const isShared = !isOfOneRegion(at("allow")) && Object.keys(file.regions).length > 1;
  return allow.flatMap((cidr, index) => {
    if (isShared && isRegional(cidr)) {
      return [
        error(
          "allowed-in-one-region",
          at("allow", index),
          `${cidr} exists in one region, and there are several; write allow under each region's entry`,
        ),
      ];
    }
    if (isVast(cidr)) {
      return [
        error(
          "allows-everyone",
          at("allow", index),
          `${cidr} allows everyone, or nearly everyone; if that is meant, write allow: anyone-on-the-internet`,
        ),
      ];
    }
    if (cidr.includes(":") && !dualStack) {
      return [
        error(
          "ipv6-not-served",
          at("allow", index),
          `${cidr} is IPv6, and the load balancer has only IPv4; add dualStack: true, or remove the range`,
        ),
      ];
    }
    return repetitions(allow, index, at("allow", index), { called: (first) => `allow[${first}]` });
  });
}

function webAclDiagnostics({ name, entry }: Region, at: EntryAt): readonly Diagnostic[] {
  const arn = parseArn(entry.webAclArn);
  return arn === undefined || arn.region === name
    ? []
    : [
        error(
          "in-another-region",
          at("webAclArn"),
          `the web ACL is in ${arn.region}; the load balancer in ${name} needs one of its own region: write it under regions.${name}.entry`,
        ),
      ];
}

function wafDiagnostics(
  { name, entry, models }: Region,
  block: readonly string[],
  at: EntryAt,
): readonly Diagnostic[] {
  const { waf, webAclArn } = entry;
  if (waf === undefined) {
    return [];
  }
  const unknown = models.flatMap((model) =>
    model.variants.some(
      ({ capacity }) => (capacity.requestsPerInstance ?? capacity.scalingTarget) === undefined,
    )
      ? [model.name]
      : [],
  );
  const isLimited = waf.requestsOfAddress !== undefined && waf.requestsOfKey !== undefined;
  return [
    ...(webAclArn === undefined
      ? []
      : [
          bothGiven(
            at("webAclArn"),
            at("waf"),
            `a load balancer has one web ACL, and waf makes one; remove one of the two${isOfOneRegion(at("webAclArn")) ? `, or write waf: false under regions.${name}.entry` : ""}`,
          ),
        ]),
    ...(isLimited
      ? []
      : [
          error(
            "client-limit-unknown",
            at("waf"),
            `how many requests a minute an instance of ${listed(unknown)} serves is not known, so neither is the most that one client may send; write requestsPerMinute: { address: 600, key: 600 }, or capacity.requestsPerMinutePerInstance of the models`,
          ),
        ]),
    ...block.flatMap((_rule, index) =>
      repetitions(block, index, at("waf", "block", index), { called: (first) => `block[${first}]` }),
    ),
  ];
}

/** The load balancer may connect to each port of each variant's instances, and to an identity provider, by a rule of its own. */
function outboundRuleDiagnostics({ name, entry, models }: Region): readonly Diagnostic[] {
  const rules = models.reduce(
    (sum, model) => sum + instancePorts(model).length * model.variants.length,
    asksIdentityProvider(entry.callers) ? 1 : 0,
  );
  const { max } = RULES_PER_SECURITY_GROUP;
  return rules > max
    ? [
        error(
          "too-many-outbound-rules",
          ["regions", name],
          `the load balancer takes an outbound rule for each port of each of ${count(models.flatMap(({ variants }) => variants).length, "variant")}, ${rules} in all, and its security group has ${max}; serve fewer models or variants here (regions.${name}.models.<model>: false), or leave targetOptimizer out where it is not needed`,
          "key",
        ),
      ]
    : [];
}

function logDiagnostics(
  file: ServingFile,
  { bucket, prefix, retention, access, connections }: EntryFile["logs"],
  at: EntryAt,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (prefix?.includes(LOG_FOLDER.name)) {
    diagnostics.push(
      error(
        "log-prefix-refused",
        at("logs", "prefix"),
        `must not hold "${LOG_FOLDER.name}", which AWS adds itself`,
      ),
    );
  } else if (prefix !== undefined && !/^[^/](.*[^/])?$/.test(prefix)) {
    diagnostics.push(
      error(
        "log-prefix-refused",
        at("logs", "prefix"),
        `"${prefix}" must be a folder without a slash at either end; leave it out for the root of the bucket`,
      ),
    );
  }
  if (bucket !== undefined && retention !== undefined) {
    diagnostics.push(
      error(
        "field-without-effect",
        at("logs", "retention"),
        "means nothing for a bucket that is there already; remove it, and set the bucket's lifecycle",
      ),
    );
  }
  if (retention !== undefined && (retention < SECONDS_PER_DAY || retention % SECONDS_PER_DAY !== 0)) {
    diagnostics.push(
      error(
        "retention-refused",
        at("logs", "retention"),
        `${formatDuration(retention)} is not a whole number of days; write 30d or 90d`,
      ),
    );
  }
  if (!access && !connections && (bucket ?? prefix ?? retention) !== undefined) {
    diagnostics.push(
      error(
        "field-without-effect",
        at("logs"),
        "nothing is logged, so the rest of logs means nothing; remove it",
      ),
    );
  }
  const shared = bucket !== undefined && !isOfOneRegion(at("logs"));
  if (shared && Object.keys(file.regions).length > 1) {
    diagnostics.push(
      error(
        "log-bucket-for-several-regions",
        at("logs", "bucket"),
        "the bucket must be in the load balancer's region, and there are several regions; write it under each region's entry",
      ),
    );
  }
  return diagnostics;
}

function timeDiagnostics(
  { models }: Region,
  written: number | undefined,
  at: EntryAt,
): readonly Diagnostic[] {
  const silent = models.filter(({ longestSilence }) => written !== undefined && longestSilence > written);
  return silent.map(({ name, longestSilence }) =>
    error(
      "idle-timeout-too-short",
      at("idleTimeout"),
      `idleTimeout ${formatDuration(written ?? 0)} < ${formatDuration(longestSilence)}, the longest silence of ${name}: the load balancer would answer 504 first; make it at least that, or write a shorter longestSilence`,
    ),
  );
}

function defaultModelDiagnostics(
  file: ServingFile,
  { name, entry, models }: Region,
  at: EntryAt,
): readonly Diagnostic[] {
  if (entry.default === undefined || models.some((model) => model.name === entry.default)) {
    return [];
  }
  const known = Object.keys(file.models);
  return [
    known.includes(entry.default)
      ? error(
          "model-left-out",
          at("default"),
          `model "${entry.default}" is left out of ${name}; name one that is served there`,
        )
      : error(
          "unknown-model",
          at("default"),
          `model "${entry.default}" is not defined${didYouMean(closest(entry.default, known))}`,
        ),
  ];
}
