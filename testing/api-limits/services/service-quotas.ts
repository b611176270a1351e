import type { Service } from "../table";

/** What the data sources of Service Quotas become. */
export const serviceQuotas: Service = {
  service: "service-quotas",
  blocks: { "data.aws_servicequotas_service_quota": { request: "GetServiceQuotaRequest" } },
};
