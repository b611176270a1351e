import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RegionPrices } from "../../../aws/prices";
import { openPriceList } from "../../../scripts/prices/list";
import { pricesText } from "../../../scripts/prices/text";

type Cells = Readonly<Record<string, string>>;

const COLUMNS = [
  "SKU",
  "TermType",
  "StartingRange",
  "Unit",
  "PricePerUnit",
  "Currency",
  "Product Family",
  "Instance Type",
  "Tenancy",
  "Operating System",
  "Pre Installed S/W",
  "CapacityStatus",
  "usageType",
  "operation",
];

/** A row as AWS writes it: what is not said is of an on-demand hour of a g6.xlarge. */
function instance(price: string, cells: Cells = {}): Cells {
  return {
    TermType: "OnDemand",
    Unit: "Hrs",
    Currency: "USD",
    "Product Family": "Compute Instance",
    "Instance Type": "g6.xlarge",
    Tenancy: "Shared",
    "Operating System": "Linux",
    "Pre Installed S/W": "NA",
    CapacityStatus: "Used",
    usageType: "EUC1-BoxUsage:g6.xlarge",
    operation: "RunInstances",
    PricePerUnit: price,
    ...cells,
  };
}

function service(price: string, usageType: string, operation = "", family = ""): Cells {
  const cells = { usageType, operation, "Product Family": family, PricePerUnit: price };
  return { TermType: "OnDemand", Unit: "Hrs", Currency: "USD", ...cells };
}

const EC2 = [
  instance("1.006"),
  instance("1.5", { Tenancy: "Dedicated" }),
  instance("1.6", { "Operating System": "Windows" }),
  instance("1.7", { "Pre Installed S/W": "SQL Web", operation: "RunInstances:0200" }),
  instance("1.006", { CapacityStatus: "UnusedCapacityReservation", usageType: "EUC1-UnusedBox:g6.xlarge" }),
  instance("0.0000000000", { CapacityStatus: "AllocatedCapacityReservation" }),
  instance("0.6", { TermType: "Reserved" }),
  instance("6.9", { Currency: "CNY" }),
  instance("0.23", { "Instance Type": "m7i.xlarge" }),
  instance("0.01", { "Instance Type": "t3.micro" }),
  service("0.052", "EUC1-NatGateway-Hours", "NatGateway", "NAT Gateway"),
  service("0.052", "EUC1-NatGateway-Bytes", "NatGateway", "NAT Gateway"),
  service("0.0952", "EUC1-EBS:VolumeUsage.gp3", "", "Storage"),
  service("0.119", "EUC1-EBS:VolumeUsage.gp2", "", "Storage"),
];
const ELB = [
  service("0.027", "EUC1-LoadBalancerUsage", "LoadBalancing:Application", "Load Balancer-Application"),
  service("0.03", "EUC1-LoadBalancerUsage", "LoadBalancing", "Load Balancer"),
  service("0.008", "EUC1-LCUUsage", "LoadBalancing:Application", "Load Balancer-Application"),
  service("0.0056", "EUC1-TS-LoadBalancerUsage", "LoadBalancing:Application", "Load Balancer-Application"),
];
const VPC = [
  service("0.012", "EUC1-VpcEndpoint-Hours", "VpcEndpoint"),
  service("0.0", "EUC1-VpcEndpoint-Hours", "VpcEndpoint"),
  service("0.005", "EUC1-PublicIPv4:InUseAddress", "AllocateAddressVPC"),
  service("0.006", "EUC1-PublicIPv4:IdleAddress", "AllocateAddressVPC"),
];

let server: Server;
let from: string;
/** The offer files by offer. */
let offers: Record<string, string>;

/** An offer file as AWS writes it: facts of the file, the names of the columns, the rows; all in quotes. */
function offerFile(offer: string, rows: readonly Cells[], columns = COLUMNS): string {
  const line = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",");
  return [
    line(["FormatVersion", "v1.0"]),
    line(["Disclaimer", 'This pricing list is for informational purposes only, "as is".']),
    line(["Publication Date", "2026-11-20T17:00:00Z"]),
    line(["Version", "20261120170000"]),
    line(["OfferCode", offer]),
    line(columns),
    ...rows.map((row) => line(columns.map((column) => row[column] ?? ""))),
  ].join("\n");
}

beforeAll((done) => {
  server = createServer((request, response) => {
    const [, , , , offer = "", , place = ""] = (request.url ?? "").split("/");
    const currentVersionUrl = `/offers/v1.0/aws/${offer}/20261120170000/eu-central-1/index.json`;
    const regions = { "eu-central-1": { regionCode: "eu-central-1", currentVersionUrl } };
    if (place === "region_index.json") {
      response.end(JSON.stringify({ regions }));
    } else if (request.url?.endsWith("/eu-central-1/index.csv")) {
      response.end(offers[offer]);
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1", () => {
    from = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    done();
  });
});

afterAll((done) => {
  server.close(done);
});

beforeEach(() => {
  offers = {
    AmazonEC2: offerFile("AmazonEC2", EC2),
    AWSELB: offerFile("AWSELB", ELB),
    AmazonVPC: offerFile("AmazonVPC", VPC),
  };
});

const WANTED: RegionPrices = {
  recorded: "2026-11-20",
  source: "AWS price list, AmazonEC2, AWSELB, AmazonVPC",
  services: {
    loadBalancerHour: 0.027,
    natGatewayHour: 0.052,
    interfaceEndpointHour: 0.012,
    publicAddressHour: 0.005,
    gp3GbMonth: 0.0952,
  },
  instances: { g6: { xlarge: 1.006 }, m7i: { xlarge: 0.23 } },
};

test("of all rows those are read that a deployment pays", async () => {
  const list = await openPriceList(from);
  expect(list.regions).toEqual(["eu-central-1"]);
  expect(await list.pricesOf("eu-central-1")).toEqual(WANTED);
});

test.each<[string, string, readonly Cells[], readonly string[] | undefined, string]>([
  [
    "another price of the same type",
    "AmazonEC2",
    [...EC2, instance("1.1")],
    undefined,
    "two prices of g6.xlarge in eu-central-1: 1.006 and 1.1",
  ],
  ["no price of a service", "AWSELB", ELB.slice(1), undefined, "no loadBalancerHour in eu-central-1"],
  [
    "another name of a column",
    "AmazonEC2",
    EC2,
    COLUMNS.filter((name) => name !== "PricePerUnit"),
    "no longer has the columns PricePerUnit",
  ],
  [
    "no names of columns",
    "AmazonVPC",
    [],
    ["Sku"],
    "no longer begins with its date and the names of its columns",
  ],
])("%s is an error", async (_, offer, rows, columns, message) => {
  offers[offer] = offerFile(offer, rows, columns && [...columns]);
  const list = await openPriceList(from);
  await expect(list.pricesOf("eu-central-1")).rejects.toThrow(message);
});

describe("the command", () => {
  let folder: string;
  let file: string;
  const recorded = {
    notes: "USD",
    acceleratorHour: { usd: 0.025, recorded: "2024-07-01", source: "AWS" },
    webAclMonth: { usd: 5, ruleUsd: 1, recorded: "2024-07-01", source: "AWS" },
    monitoring: {
      ...{ alarmUsd: 0.1, fastAlarmUsd: 0.3, healthCheckUsd: 0.5, healthCheckOptionUsd: 1 },
      ...{ recorded: "2024-07-01", source: "AWS" },
    },
    traffic: {
      ...{ outGb: [{ upTo: 10_240, usd: 0.09 }, { usd: 0.05 }], processedGb: 0.008, natGb: 0.045 },
      ...{ acceleratorGb: { least: 1, most: 2 }, endpointGb: 0.01, logsGb: 0.5 },
      ...{ recorded: "2024-07-01", source: "AWS" },
    },
    regions: { "us-east-1": { ...WANTED, recorded: "2026-07-20" } },
  };
  const run = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [
      "run.cjs",
      "scripts/prices.ts",
      "--from",
      from,
      "--file",
      file,
      ...args,
    ]);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "prices-"));
    file = join(folder, "prices.json");
    writeFileSync(file, pricesText(recorded));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("adds the regions of the list, and keeps the others", async () => {
    const { stdout } = await run();
    expect(stdout).toContain("1 of 1: reads the prices of eu-central-1\n  2 instance types, of 2026-11-20");
    const regions = { ...recorded.regions, "eu-central-1": WANTED };
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ ...recorded, regions });
  });

  test("refuses what is no region", async () => {
    await expect(run("eu-centrl-1")).rejects.toThrow("no region: eu-centrl-1");
    expect(readFileSync(file, "utf8")).toBe(pricesText(recorded));
  });
});
