import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { parse } from "csv-parse";
import { cpuInstance } from "../../aws/cpu-instances";
import { familyOf, gpuInstance } from "../../aws/instance-types";
import type { RegionPrices, ServicePrices } from "../../aws/prices";
import { OFFERS, pricedBy } from "./rows";

/** AWS's public price list. It needs no credentials. */
export interface PriceList {
  /** The regions that it has prices of instances of, sorted. */
  readonly regions: readonly string[];
  /**
   * Reads the offer files of a region, row by row: that of AmazonEC2 has hundreds of MB.
   *
   * @throws Error when a file lacks a column, or two rows have different prices of the same
   */
  pricesOf(region: string): Promise<RegionPrices>;
}

/** @param from where the list is: `https://pricing.us-east-1.amazonaws.com` */
export async function openPriceList(from: string): Promise<PriceList> {
  const files = new Map<string, string>();
  for (const offer of OFFERS) {
    const index = await answer(from, `/offers/v1.0/aws/${offer}/current/region_index.json`);
    const { regions }: RegionIndex = JSON.parse(await index.text());
    for (const [region, { currentVersionUrl }] of Object.entries(regions)) {
      files.set(`${offer} ${region}`, currentVersionUrl.replace(/\.json$/, ".csv"));
    }
  }
  const regions = [...files.keys()].filter((key) => key.startsWith("AmazonEC2 ")).map((key) => key.slice(10));
  return {
    regions: regions.sort(),
    pricesOf: async (region) => {
      const found = new Found(region);
      const dates: string[] = [];
      for (const offer of OFFERS) {
        const file = files.get(`${offer} ${region}`);
        if (file === undefined) {
          throw new Error(`the price list has no ${offer} in ${region}`);
        }
        dates.push(await readRows((await answer(from, file)).body, found));
      }
      return {
        recorded: dates.sort()[0] ?? "",
        source: `AWS price list, ${OFFERS.join(", ")}`,
        services: found.services(),
        instances: found.instances,
      };
    },
  };
}

interface RegionIndex {
  readonly regions: Readonly<Record<string, { readonly currentVersionUrl: string }>>;
}

async function answer(from: string, path: string): Promise<Response> {
  const response = await fetch(new URL(path, from));
  if (!response.ok) {
    throw new Error(`${response.url} answers ${response.status}`);
  }
  return response;
}

/** Columns without which no price can be told from another. */
const NEEDED_COLUMNS = ["TermType", "PricePerUnit", "Unit", "Currency", "usageType", "operation"];

/** @returns the day of the file: `2026-07-20` */
async function readRows(body: Response["body"], found: Found): Promise<string> {
  // A few rows with facts of the file stand before the names of the columns.
  const rows = Readable.fromWeb(body as ReadableStream).pipe(parse({ relax_column_count: true }));
  let columns: ReadonlyMap<string, number> | undefined;
  let published = "";
  for await (const cells of rows as AsyncIterable<readonly string[]>) {
    if (columns !== undefined) {
      const places = columns;
      found.take((column) => cells[places.get(column) ?? -1]);
    } else if (cells[0] === "Publication Date") {
      published = cells[1]?.slice(0, 10) ?? "";
    } else if (cells[0] === "SKU") {
      columns = new Map(cells.map((name, place) => [name, place]));
      const names = new Set(cells);
      const missing = NEEDED_COLUMNS.filter((name) => !names.has(name));
      if (missing.length > 0) {
        throw new Error(`the price list no longer has the columns ${missing.join(", ")}`);
      }
    }
  }
  if (columns === undefined || !/^\d{4}-\d\d-\d\d$/.test(published)) {
    throw new Error("the price list no longer begins with its date and the names of its columns");
  }
  return published;
}

/** The prices that were found so far in the files of a region. */
class Found {
  readonly instances: Record<string, Record<string, number>> = {};
  private readonly byService = new Map<keyof ServicePrices, number>();

  constructor(private readonly region: string) {}

  take(row: (column: string) => string | undefined): void {
    const priced = pricedBy(row);
    const usd = Number(row("PricePerUnit"));
    if (priced === undefined || row("Currency") !== "USD" || !(usd > 0)) {
      return;
    }
    if ("service" in priced) {
      this.same(priced.service, this.byService.get(priced.service), usd);
      this.byService.set(priced.service, usd);
    } else if (gpuInstance(priced.type) ?? cpuInstance(priced.type)) {
      const family = familyOf(priced.type);
      const size = priced.type.slice(family.length + 1);
      const sizes = this.instances[family] ?? {};
      this.same(priced.type, sizes[size], usd);
      this.instances[family] = { ...sizes, [size]: usd };
    }
  }

  /** All prices of services, which every region has. */
  services(): ServicePrices {
    const of = (service: keyof ServicePrices): number => {
      const usd = this.byService.get(service);
      if (usd === undefined) {
        throw new Error(`the price list has no ${service} in ${this.region}`);
      }
      return usd;
    };
    return {
      loadBalancerHour: of("loadBalancerHour"),
      natGatewayHour: of("natGatewayHour"),
      interfaceEndpointHour: of("interfaceEndpointHour"),
      publicAddressHour: of("publicAddressHour"),
      gp3GbMonth: of("gp3GbMonth"),
    };
  }

  private same(what: string, before: number | undefined, usd: number): void {
    if (before !== undefined && before !== usd) {
      throw new Error(`the price list has two prices of ${what} in ${this.region}: ${before} and ${usd}`);
    }
  }
}
