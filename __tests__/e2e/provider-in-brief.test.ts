import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Json } from "../support/synthesis";
import { lockProvider } from "./provider-lock";
import { suite } from "./suite";
import { type Surroundings, surroundings } from "./surroundings";
import { type Terraform, terraformIn } from "./terraform";

suite("the provider in brief", (around) => {
  /** Terraform in a folder of its own, with a queue in its state. */
  async function folderWith(name: string, content: Json, given: Surroundings): Promise<Terraform> {
    const folder = path.join(given.folder, name);
    const { awsVersion: version } = given.tools.mirror;
    const required_providers = { aws: { source: "hashicorp/aws", version } };
    mkdirSync(folder);
    const written = {
      terraform: { required_providers },
      provider: { aws: [{ region: "us-east-1" }] },
      ...content,
    };
    writeFileSync(path.join(folder, "cdk.tf.json"), JSON.stringify(written));
    writeFileSync(path.join(folder, "terraform.tfstate"), JSON.stringify(STATE));
    lockProvider(folder, version);
    const terraform = terraformIn(folder, given);
    await terraform.run("init", "-no-color");
    return terraform;
  }

  const schemasOf = async (terraform: Terraform) => {
    const { provider_schemas } = JSON.parse(await terraform.run("providers", "schema", "-json"));
    const schemas: Json = provider_schemas["registry.terraform.io/hashicorp/aws"];
    return schemas;
  };

  test("has the schemas of the stacks' types and of those that a folder names, as the provider has them", async () => {
    const { tools, emulator, folder } = around();
    const provider = surroundings(
      { ...tools, mirrorInBrief: undefined },
      path.join(folder, "provider"),
      emulator,
    );
    const acls = { resource: { aws_wafv2_web_acl: { it: { name: "it", scope: "REGIONAL" } } } };
    const whole = await schemasOf(await folderWith("whole", acls, provider));
    const brief = await schemasOf(await folderWith("brief", acls, around()));

    const { resource_schemas: resources, data_source_schemas: data, ...others } = brief;
    expect(Object.keys(resources)).toEqual(expect.arrayContaining(["aws_lb", "aws_wafv2_web_acl"]));
    expect(Object.keys(resources)).not.toContain("aws_sqs_queue");
    expect(Object.keys(data)).toContain("aws_availability_zones");
    expect(whole).toMatchObject(others);
    for (const [kind, schemas] of [
      ["resource_schemas", resources],
      ["data_source_schemas", data],
    ] as const) {
      for (const [type, schema] of Object.entries(schemas)) {
        expect(schema).toEqual(whole[kind][type]);
      }
    }
  });

  test("lets Terraform pass over nothing: a type of the state alone, which it has no schema of, is refused", async () => {
    const terraform = await folderWith("other-state", {}, around());
    await expect(terraform.run("plan", "-no-color")).rejects.toThrow(
      /no schema\s+available\s+for\s+aws_sqs_queue/,
    );
  });
});

/** Of a queue, which no stack has. */
const STATE = {
  version: 4,
  terraform_version: "1.11.0",
  serial: 1,
  lineage: "it",
  resources: [
    {
      mode: "managed",
      type: "aws_sqs_queue",
      name: "it",
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [{ schema_version: 0, attributes: { id: "it" } }],
    },
  ],
};
