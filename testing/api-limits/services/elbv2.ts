import {
  ALGORITHMS,
  BUCKET_NAME,
  CLIENT_KEEP_ALIVE,
  CONDITION_HEADER_NAME,
  CONDITION_METHOD,
  CONDITION_VALUE,
  DEREGISTRATION_DELAY,
  DESYNC_MITIGATIONS,
  FORWARD_STICKINESS_DURATION,
  FORWARD_WEIGHT,
  HEALTH_CHECK_PATH,
  HEALTHY_TARGETS_COUNT,
  HEALTHY_TARGETS_PERCENTAGE,
  IDLE_TIMEOUT,
  JWKS_ENDPOINT,
  JWT_CLAIM_VALUE,
  JWT_ISSUER,
  LOAD_BALANCER_CAPACITY_UNITS,
  LOAD_BALANCER_NAME,
  LOG_FOLDER,
  OBJECT_KEY,
  OIDC_ENDPOINT,
  OIDC_SESSION,
  PORT,
  REWRITE,
  SLOW_START,
  STICKINESS_COOKIE,
  STICKINESS_DURATION,
  TARGET_GROUP_NAME,
  type TextLimit,
} from "../../../aws/limits";
import { DEFAULT_TLS_POLICY, tlsPolicyNames } from "../../../aws/tls-policies";
import { IPV4_RANGE, IPV6_RANGE } from "../ranges";
import { documented, limited, none, oneOf, type Service } from "../table";

/**
 * The API takes attributes as keys and values, so its model has no limits of them. The limits are those that its
 * reference writes.
 */
const ATTRIBUTE = none("attribute");
const ATTRIBUTES = "ELBv2 API, TargetGroupAttribute";
const OFF = oneOf(ATTRIBUTES, "off");
const ZERO = oneOf(ATTRIBUTES, "0");
const ON_OR_OFF = oneOf(ATTRIBUTES, "on", "off");

const TLS_POLICIES_PAGE = "ELB user guide, Security policies for your Application Load Balancer";

const LOG_PREFIX: TextLimit = {
  minLength: 0,
  maxLength: 1024,
  pattern: new RegExp(`^(?!.*${LOG_FOLDER.name})`),
  characters: `texts without ${LOG_FOLDER.name}`,
  source: LOG_FOLDER.source,
};

const COOKIE_NAME: TextLimit = {
  minLength: 1,
  maxLength: 1024,
  pattern: new RegExp(`^(?!${STICKINESS_COOKIE.reservedPrefix})`),
  characters: `names that do not begin with ${STICKINESS_COOKIE.reservedPrefix}`,
  source: STICKINESS_COOKIE.source,
};

const HEALTHY_CODES: TextLimit = {
  minLength: 1,
  maxLength: 255,
  pattern: /^([2-5]\d\d|\d\d?)([-,]([2-5]\d\d|\d\d?))*$/,
  characters:
    "codes and ranges of codes with commas between, of HTTP from 200 to 499 (of a Network Load Balancer to 599), of gRPC from 0 to 99",
  source: "ELBv2 API, Matcher",
};

const TLS_POLICIES = [
  oneOf(TLS_POLICIES_PAGE, DEFAULT_TLS_POLICY, ...tlsPolicyNames),
  {
    minLength: 1,
    maxLength: 128,
    pattern: /^ELBSecurityPolicy-\S*RFC9151\S*$/,
    characters: "a policy of RFC 9151",
    source: TLS_POLICIES_PAGE,
  },
] as const;

const logs = (block: string) => ({
  [block]: ".",
  [`${block}.bucket`]: documented(BUCKET_NAME),
  [`${block}.enabled`]: ATTRIBUTE,
  [`${block}.prefix`]: documented(LOG_PREFIX),
});

/** The actions of a listener or a rule, in the blocks of this name. */
const actions = (block: string) => ({
  [`${block}.redirect.port`]: limited("Port", PORT, oneOf("ELBv2 API, RedirectActionConfig", "#{port}")),
  [`${block}.authenticate_oidc.issuer`]: limited("Issuer", OIDC_ENDPOINT),
  [`${block}.authenticate_oidc.authorization_endpoint`]: limited("AuthorizationEndpoint", OIDC_ENDPOINT),
  [`${block}.authenticate_oidc.token_endpoint`]: limited("TokenEndpoint", OIDC_ENDPOINT),
  [`${block}.authenticate_oidc.user_info_endpoint`]: limited("UserInfoEndpoint", OIDC_ENDPOINT),
  [`${block}.authenticate_oidc.session_timeout`]: limited("SessionTimeout", OIDC_SESSION),
  [`${block}.jwt_validation.issuer`]: limited("Issuer", JWT_ISSUER),
  [`${block}.jwt_validation.jwks_endpoint`]: limited("JwksEndpoint", JWKS_ENDPOINT),
  [`${block}.jwt_validation.additional_claim`]: "AdditionalClaims",
  [`${block}.jwt_validation.additional_claim.values`]: limited("Values", JWT_CLAIM_VALUE),
  [`${block}.forward.stickiness`]: "TargetGroupStickinessConfig",
  [`${block}.forward.stickiness.duration`]: limited("DurationSeconds", FORWARD_STICKINESS_DURATION),
  [`${block}.forward.target_group.arn`]: "TargetGroupArn",
  [`${block}.forward.target_group.weight`]: limited("Weight", FORWARD_WEIGHT),
});

const HOST: TextLimit = {
  minLength: 1,
  maxLength: 128,
  pattern: /^[A-Za-z0-9_.*?-]*\.[A-Za-z*?]+$/,
  characters: "letters, digits and -_.*?, with only letters after the last dot",
  source: "ELBv2 API, HostHeaderConditionConfig",
};

const METHOD: TextLimit = {
  minLength: 1,
  maxLength: 40,
  pattern: /^[A-Z_-]+$/,
  characters: "capital letters, hyphens and underscores",
  source: CONDITION_METHOD.source,
};

const condition = (kind: string, value: TextLimit = CONDITION_VALUE) => ({
  [`condition.${kind}.values`]: limited("Values", value),
  [`condition.${kind}.regex_values`]: limited("RegexValues", CONDITION_VALUE),
});

/** What the resources of Elastic Load Balancing become. */
export const elbv2: Service = {
  service: "elbv2",
  blocks: {
    aws_lb: {
      request: "CreateLoadBalancerInput",
      arguments: {
        name: limited("Name", LOAD_BALANCER_NAME),
        internal: none("Scheme"),
        load_balancer_type: "Type",
        ...logs("access_logs"),
        ...logs("connection_logs"),
        ...logs("health_check_logs"),
        client_keep_alive: documented(CLIENT_KEEP_ALIVE),
        desync_mitigation_mode: documented(DESYNC_MITIGATIONS),
        drop_invalid_header_fields: ATTRIBUTE,
        enable_deletion_protection: ATTRIBUTE,
        enable_zonal_shift: ATTRIBUTE,
        idle_timeout: documented(IDLE_TIMEOUT),
        minimum_load_balancer_capacity: "ModifyCapacityReservationInput:MinimumLoadBalancerCapacity",
        "minimum_load_balancer_capacity.capacity_units": limited(
          "CapacityUnits",
          LOAD_BALANCER_CAPACITY_UNITS,
        ),
      },
      provided: ["Name"],
    },
    aws_lb_target_group: {
      request: "CreateTargetGroupInput",
      arguments: {
        name: limited("Name", TARGET_GROUP_NAME),
        protocol_version: limited(
          "ProtocolVersion",
          oneOf("ELBv2 API, CreateTargetGroup", "GRPC", "HTTP1", "HTTP2"),
        ),
        deregistration_delay: documented(DEREGISTRATION_DELAY),
        health_check: ".",
        "health_check.enabled": "HealthCheckEnabled",
        "health_check.healthy_threshold": "HealthyThresholdCount",
        "health_check.interval": "HealthCheckIntervalSeconds",
        "health_check.matcher": limited("Matcher.HttpCode", HEALTHY_CODES),
        "health_check.path": limited("HealthCheckPath", HEALTH_CHECK_PATH),
        "health_check.port": limited(
          "HealthCheckPort",
          PORT,
          oneOf("ELBv2 API, CreateTargetGroup", "traffic-port"),
        ),
        "health_check.protocol": "HealthCheckProtocol",
        "health_check.timeout": "HealthCheckTimeoutSeconds",
        "health_check.unhealthy_threshold": "UnhealthyThresholdCount",
        load_balancing_algorithm_type: documented(ALGORITHMS),
        load_balancing_anomaly_mitigation: documented(ON_OR_OFF),
        load_balancing_cross_zone_enabled: documented(
          oneOf(ATTRIBUTES, "true", "false", "use_load_balancer_configuration"),
        ),
        slow_start: documented(ZERO, SLOW_START),
        stickiness: ".",
        "stickiness.cookie_duration": documented(STICKINESS_DURATION),
        "stickiness.cookie_name": documented(COOKIE_NAME),
        "stickiness.enabled": ATTRIBUTE,
        "stickiness.type": documented(
          oneOf(
            ATTRIBUTES,
            ...(["lb_cookie", "app_cookie"] as const),
            ...["source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"],
          ),
        ),
        target_group_health: ".",
        "target_group_health.dns_failover": ".",
        "target_group_health.dns_failover.minimum_healthy_targets_count": documented(
          OFF,
          HEALTHY_TARGETS_COUNT,
        ),
        "target_group_health.dns_failover.minimum_healthy_targets_percentage": documented(
          OFF,
          HEALTHY_TARGETS_PERCENTAGE,
        ),
        "target_group_health.unhealthy_state_routing": ".",
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets_count":
          documented(HEALTHY_TARGETS_COUNT),
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets_percentage": documented(
          OFF,
          HEALTHY_TARGETS_PERCENTAGE,
        ),
      },
      provided: ["Name"],
    },
    aws_lb_listener: {
      request: "CreateListenerInput",
      arguments: {
        certificate_arn: "Certificates.CertificateArn",
        ssl_policy: limited("SslPolicy", ...TLS_POLICIES),
        ...actions("default_action"),
      },
    },
    aws_lb_trust_store: {
      request: "CreateTrustStoreInput",
      arguments: { ca_certificates_bundle_s3_key: limited("CaCertificatesBundleS3Key", OBJECT_KEY) },
    },
    aws_lb_trust_store_revocation: {
      request: "AddTrustStoreRevocationsInput",
      arguments: {
        revocations_s3_bucket: "RevocationContents.S3Bucket",
        revocations_s3_key: limited("RevocationContents.S3Key", OBJECT_KEY),
      },
    },
    aws_lb_listener_certificate: {
      request: "AddListenerCertificatesInput",
      arguments: { certificate_arn: "Certificates.CertificateArn" },
    },
    aws_lb_listener_rule: {
      request: "CreateRuleInput",
      arguments: {
        ...actions("action"),
        ...condition("host_header", HOST),
        ...condition("http_header"),
        ...condition("path_pattern"),
        "condition.http_header.http_header_name": limited("HttpHeaderName", CONDITION_HEADER_NAME),
        "condition.http_request_method.values": limited("Values", METHOD),
        "condition.source_ip.values": limited("Values", IPV4_RANGE, IPV6_RANGE),
        "condition.query_string": "QueryStringConfig.Values",
        "condition.query_string.key": limited("Key", CONDITION_VALUE),
        "condition.query_string.value": limited("Value", CONDITION_VALUE),
        "transform.url_rewrite_config.rewrite.regex": limited("Regex", REWRITE),
        "transform.url_rewrite_config.rewrite.replace": limited("Replace", { ...REWRITE, minLength: 0 }),
        "transform.host_header_rewrite_config.rewrite.regex": limited("Regex", REWRITE),
        "transform.host_header_rewrite_config.rewrite.replace": limited("Replace", {
          ...REWRITE,
          minLength: 0,
        }),
      },
      // By default the provider takes the next one that is free.
      provided: ["Priority"],
    },
  },
};
