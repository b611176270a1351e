import { readdirSync } from "node:fs";
import path from "node:path";
import { Testing } from "cdktf";
import fc from "fast-check";
import { readSource } from "../../config/source/parse";
import { EmbeddingsStack } from "../../examples/constructs";
import { arbitraryServingFile } from "../support/arbitrary-serving-file";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { loadFile, valid, validFile, type WrittenFile } from "../support/serving-file";
import { type Json, resourcesOf, synthesized } from "../support/synthesis";
import { inWorld } from "./in-world";
import { provideStates, type ReadStack } from "./provided-states";
import { suite } from "./suite";
import { repository } from "./surroundings";
import { createWorkspace, type Verdict } from "./workspace";
import { createWorld, detachInternetGateway, type World } from "./world";

const exampleFiles = [
  "serving.yaml",
  ...readdirSync(path.join(repository, "examples"))
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => `examples/${name}`),
];
const examples = exampleFiles.map(written);
const CASES = "__tests__/cases";
const cases = readdirSync(path.join(repository, CASES))
  .map((name) => written(`${CASES}/${name}`))
  .filter((file) => loadFile(file).ok);

/** The same deployments at every run, so that one that fails can be looked at; `E2E_SEED` makes others. */
const seed = Number(process.env.E2E_SEED ?? 5);
const random = fc
  .sample(arbitraryServingFile({ models: 3, regions: 2 }), { numRuns: 50, seed })
  .map((file, place) => (place % 5 === 0 ? file : withoutWebAcl(file)));

/** More than any region has. */
const MOST_ZONES = 6;
/** The example of the constructs alone. */
const constructs: Json = JSON.parse(Testing.synth(new EmbeddingsStack(Testing.app(), "embeddings")));
const regions = [
  ...constructs.provider.aws.map(({ region }: Json) => region),
  ...[...examples, ...cases, ...random].flatMap((file) => Object.keys(file.regions)),
];

suite("planned for real", (around) => {
  /** What Terraform thinks of deployments, as they would be written for the emulator's world. */
  let judge: (files: readonly WrittenFile[], more?: Readonly<Record<string, Json>>) => Promise<void>;
  /** The same, when it does not take them: all that it complains of. */
  let complaintsOf: (files: readonly WrittenFile[]) => Promise<readonly string[]>;
  let world: World;

  beforeAll(async () => {
    world = await createWorld(
      around().emulator.endpoint,
      Object.fromEntries(regions.map((region) => [region, MOST_ZONES])),
    );
    const workspace = createWorkspace("workspace", around());
    const stacksOf = async (files: readonly WrittenFile[]): Promise<Readonly<Record<string, Json>>> => {
      const stacks: Record<string, Json> = {};
      const read: ReadStack[] = [];
      for (const [place, file] of files.entries()) {
        const { deployment } = valid(inWorld(file, world.networkIn));
        for (const [stack, json] of Object.entries(synthesized(deployment))) {
          stacks[`${file.name}-${place + 1}-${stack}`] = json;
          read.push({ state: deployment.state, name: stack, json });
        }
      }
      await provideStates(around().emulator.endpoint, read);
      return stacks;
    };
    judge = async (files, more = {}) => {
      const stacks = { ...more, ...(await stacksOf(files)) };
      const created = Object.entries(stacks).map(([stack, json]) => [stack, resourcesOf(json).size]);
      const good: Verdict = { complaints: [], created: Object.fromEntries(created) };
      expect(await workspace.judge(stacks)).toEqual(good);
    };
    complaintsOf = async (files) => (await workspace.judge(await stacksOf(files))).complaints;
  });

  test("Terraform and the provider accept every example", async () => {
    await judge(examples, { constructs });
  });

  test("they accept every file of a user's that is accepted", async () => {
    await judge(cases);
  });

  test("they accept every routing of a global endpoint, over both versions of IP", async () => {
    const example = written("serving.yaml");
    const entry = { ...example.entry, dualStack: true };
    await judge([
      { ...example, entry, name: "nearest", globalEndpoint: { routing: "latency" } },
      {
        ...example,
        entry,
        name: "ordered",
        globalEndpoint: { routing: "failover", order: Object.keys(example.regions) },
      },
      { ...example, entry, name: "shared", globalEndpoint: { routing: "weighted" } },
      { ...example, entry, name: "fixed", globalEndpoint: { routing: "accelerator" } },
    ]);
  });

  test("they refuse an internet-facing load balancer without a route to the internet", async () => {
    const region = "us-east-1";
    const { vpcId, privateSubnetIds, publicSubnetIds } = world.networkIn(region);
    const albSubnetIds = privateSubnetIds.slice(0, 2);
    const instanceSubnetIds = publicSubnetIds.slice(0, 2);
    const existing = { vpcId, albSubnetIds, instanceSubnetIds, publicAddresses: true };
    const entry = { ...validFile().entry, hostedZone: "example.com" };
    const file = { ...validFile(), entry, regions: { [region]: { network: { existing } } } };
    const workspace = createWorkspace("unreachable", around());
    const stacks = synthesized(valid(file).deployment);
    const { complaints } = await workspace.judge({ unreachable: stacks[region] });
    expect(complaints.join("\n")).toContain(
      `The load balancer's subnets must have a default route to an internet gateway, because it is internet-facing; these have none: ${[...albSubnetIds].sort().join(", ")}`,
    );
  });

  test(`they accept fifty deployments made at random (E2E_SEED=${seed})`, async () => {
    await judge(random);
  });

  test("they accept an accelerator to an internal load balancer, in a VPC with an internet gateway only", async () => {
    const subnets = (kind: string) => [1, 2, 3].map((zone) => `subnet-0123456789abcde${kind}${zone}`);
    const existing = {
      vpcId: "vpc-0123456789abcdef0",
      albSubnetIds: subnets("a"),
      instanceSubnetIds: subnets("b"),
    };
    const [found = "", made = ""] = Object.keys(written("serving.yaml").regions);
    const file = globalEndpointFile(
      { routing: "accelerator" },
      { [found]: { network: { existing } }, [made]: {} },
      { entry: { ...validFile().entry, hostedZone: "example.com", scheme: "internal" } },
    );
    await judge([file]);
    await detachInternetGateway(around().emulator.endpoint, found, world.networkIn(found));
    expect(await complaintsOf([file])).toEqual([
      expect.stringMatching(
        /\.network_internet-gateway-for-accelerator: no matching EC2 Internet Gateway found/,
      ),
    ]);
  });
});

/** The provider's schema of a web ACL is so deep that each takes Terraform longer than all else of a stack. */
function withoutWebAcl(file: WrittenFile): WrittenFile {
  const { waf: _made, ...entry } = file.entry;
  return { ...file, entry: entry as WrittenFile["entry"] };
}

/** A file of the repository as it was written. */
function written(file: string): WrittenFile {
  const source = readSource(path.join(repository, file));
  if ("diagnostics" in source) {
    throw new Error(`${file} is no YAML`);
  }
  return source.value as WrittenFile;
}
