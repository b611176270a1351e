// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import { renderFinding } from "../../../testing/finding";
import { providerFindings } from "../../../testing/provider-schema/check";
import { providerSchema } from "../../../testing/provider-schema/schema";
import type { Json } from "../../../testing/terraform/json";

const REGISTRY = `https://registry.terraform.io/providers/hashicorp/aws/${providerSchema.version}/docs`;

const found = (stack: Json, beside?: readonly Json[]) => providerFindings(stack, beside).map(renderFinding);

/** What is found in `aws_lb.own`, without its address. */
const foundIn = (body: Json, others: Json = {}) =>
  found({ resource: { aws_lb: { own: body, other: {} } }, ...others }).map((line) =>
    line.replace(/^aws_lb\.own:? | \([^()]*\)$/g, ""),
  );

const LOGS = { bucket: "logs" };

describe("a finding names the address, the argument, what is wrong and the page that says so", () => {
  it.each([
    [
      "an unknown argument",
      { resource: { aws_lb: { own: { idle_time: 60 } } } },
      `aws_lb.own: idle_time is no argument of aws_lb (${REGISTRY}/resources/lb)`,
    ],
    [
      "an argument that 5.100 has",
      { resource: { aws_eip: { own: { vpc: true } } } },
      `aws_eip.own: vpc is no argument of aws_eip (${REGISTRY}/resources/eip)`,
    ],
    [
      "an argument that a later version has",
      {
        resource: {
          aws_autoscaling_group: { own: { min_size: 1, max_size: 1, deletion_protection: "none" } },
        },
      },
      `aws_autoscaling_group.own: deletion_protection is no argument of aws_autoscaling_group (${REGISTRY}/resources/autoscaling_group)`,
    ],
    [
      "a required argument that is missing",
      { resource: { aws_autoscaling_group: { own: { min_size: 1 } } } },
      `aws_autoscaling_group.own: max_size is required (${REGISTRY}/resources/autoscaling_group#max_size)`,
    ],
    [
      "a required block that is missing",
      { resource: { aws_lb_listener: { own: { load_balancer_arn: "arn" } } } },
      `aws_lb_listener.own: default_action is required (${REGISTRY}/resources/lb_listener#default_action)`,
    ],
    [
      "a value of the wrong kind",
      { resource: { aws_lb: { own: { idle_timeout: "a minute" } } } },
      `aws_lb.own: idle_timeout is "a minute", and has to be a number (${REGISTRY}/resources/lb#idle_timeout)`,
    ],
    [
      "two blocks where one may be",
      { resource: { aws_lb: { own: { access_logs: [LOGS, LOGS] } } } },
      `aws_lb.own: access_logs is there 2 times, and may be there once (${REGISTRY}/resources/lb#access_logs)`,
    ],
    [
      "a reference to an attribute that does not exist",
      { resource: { aws_lb: { own: {} } }, output: { arn: { value: "${aws_lb.own.arn_prefix}" } } },
      `output.arn: value refers to aws_lb.own.arn_prefix, but aws_lb has no attribute arn_prefix (${REGISTRY}/resources/lb#attribute-reference)`,
    ],
    [
      "a reference to a resource that does not exist",
      { data: { aws_vpc: { own: { id: "${aws_vpc.own.id}" } } } },
      "data.aws_vpc.own: id refers to aws_vpc.own, which this stack does not declare (https://developer.hashicorp.com/terraform/language/expressions/references)",
    ],
    [
      "an argument of a data source",
      { data: { aws_vpc: { own: { name: "a" } } } },
      `data.aws_vpc.own: name is no argument of aws_vpc (${REGISTRY}/data-sources/vpc)`,
    ],
    [
      "an argument of the provider",
      { provider: { aws: [{ region: "eu-west-1" }, { alias: "dns", regions: "eu-west-1" }] } },
      `provider.aws.dns: regions is no argument of provider aws (${REGISTRY})`,
    ],
    [
      "an argument of what Terraform has itself",
      { data: { terraform_remote_state: { own: { config: {} } } } },
      "data.terraform_remote_state.own: backend is required (https://developer.hashicorp.com/terraform/language/state/remote-state-data#backend)",
    ],
    [
      "a type that the schema lacks",
      { resource: { aws_bus: { own: {} } } },
      `aws_bus.own is of a type that the schema does not have: run npm run provider-schema (testing/provider-schema/schema.json, of @cdktf/provider-aws ${providerSchema.bindings})`,
    ],
    [
      "another version of the provider",
      { terraform: { required_providers: { aws: { version: "5.100.0" } } } },
      `terraform: required_providers.aws.version is 5.100.0, and the schema is of ${providerSchema.version}: run npm run provider-schema (testing/provider-schema/schema.json, of @cdktf/provider-aws ${providerSchema.bindings})`,
    ],
  ])("%s", (_what, stack, finding) => {
    expect(found(stack)).toEqual([finding]);
  });
});

// Terraform 1.11 with provider 5.100 judges each of these the same.
describe("kinds and nesting are Terraform's", () => {
  it.each<[string, Json, ...string[]]>([
    ["a number as text", { idle_timeout: "80" }],
    ["a bool as text", { internal: "true" }],
    ["a number or a bool for a string", { name: 1, ip_address_type: true }],
    ["other text for a bool", { internal: "yes" }, 'internal is "yes", and has to be a bool'],
    ["a number for a bool", { internal: 1 }, "internal is 1, and has to be a bool"],
    ["a bool for a number", { idle_timeout: true }, "idle_timeout is true, and has to be a number"],
    ["a list for a string", { name: ["a"] }, 'name is ["a"], and has to be a string'],
    ["null for what is optional", { name: null, access_logs: null, subnets: [null] }],
    ["numbers in a set of strings", { subnets: [1, 2] }],
    ["text for a set", { subnets: "a" }, 'subnets is "a", and has to be a set of string'],
    ["an object for a set", { subnets: {} }, "subnets is {}, and has to be a set of string"],
    ["lists in a set of strings", { subnets: [["a"]] }, 'subnets[0] is ["a"], and has to be a string'],
    ["a list for a map", { tags: ["a"] }, 'tags is ["a"], and has to be a map of string'],
    ["lists in a map of strings", { tags: { a: ["b"] } }, 'tags["a"] is ["b"], and has to be a string'],
    ["a number in a map of strings", { tags: { a: 1, "//": "a key like others" } }],
    ["a reference of the right kind", { name: "${aws_lb.other.id}", tags: "${aws_lb.other.tags_all}" }],
    [
      "a string for a set, by reference",
      { subnets: "${aws_lb.other.id}" },
      'subnets is "${aws_lb.other.id}", a single value, and has to be a set of string',
    ],
    [
      "a set for a string, by reference",
      { name: "${aws_lb.other.subnets}" },
      'name is "${aws_lb.other.subnets}", a list, and has to be a string',
    ],
    [
      "text around a reference for a set",
      { subnets: "a${aws_lb.other.id}" },
      expect.stringContaining("single"),
    ],
    ["one block, alone or in a list", { access_logs: LOGS, connection_logs: [LOGS] }],
    ["a comment in blocks", { "//": "a", access_logs: { ...LOGS, "//": "b" } }],
    ["no block", { access_logs: [] }],
    ["an empty block", { access_logs: {} }, "access_logs.bucket is required"],
    ["null in a list of blocks", { access_logs: [null] }, "access_logs[0].bucket is required"],
    ["null for what is required", { access_logs: { bucket: null } }, "access_logs.bucket is required"],
    [
      "an expression for a block",
      { access_logs: "${null}" },
      "access_logs is a block, which is an object or a list of objects",
    ],
    [
      "text in a list of blocks",
      { access_logs: ["a"] },
      "access_logs[0] is a block, which is an object or a list of objects",
    ],
    [
      "an unknown argument of a block",
      { access_logs: { ...LOGS, folder: "a" } },
      "access_logs.folder is no argument of aws_lb.access_logs",
    ],
    ["an unknown argument that is null", { folder: null }, "folder is no argument of aws_lb"],
    ["what only the provider sets", { arn: "a" }, "arn is set by the provider alone"],
    ["several timeouts", { timeouts: [{}, {}] }, "timeouts is there 2 times, and may be there once"],
    ["a list of what it is of", [{ name: "a" }]],
    ["text for a resource", "a", "has to be an object"],
  ])("%s", (_what, body, ...findings) => {
    expect(foundIn(body)).toEqual(findings);
  });

  it("an object in an attribute has all of its attributes", () => {
    const ingress = {
      ...{ from_port: 1, to_port: 1, protocol: "tcp", description: null, self: null },
      ...{ cidr_blocks: null, ipv6_cidr_blocks: null, prefix_list_ids: null },
    };
    const inGroup = (written: Json) =>
      found({ resource: { aws_security_group: { own: { ingress: written } } } });
    const page = `(${REGISTRY}/resources/security_group#ingress)`;
    expect(inGroup([{ ...ingress, security_groups: null }])).toEqual([]);
    expect(inGroup([ingress])).toEqual([
      `aws_security_group.own: ingress[0].security_groups is required in this object, if only as null ${page}`,
    ]);
    expect(inGroup([{ ...ingress, security_groups: [], port: 1 }])).toEqual([
      `aws_security_group.own: ingress[0].port is no attribute of this object ${page}`,
    ]);
    expect(inGroup(["a"])).toEqual([
      `aws_security_group.own: ingress[0] is "a", and has to be an object ${page}`,
    ]);
  });
});

describe("dynamic blocks", () => {
  const dynamic = (block: Json) => ({ dynamic: { access_logs: block } });

  it.each<[string, Json, ...string[]]>([
    ["take the name of the block", dynamic({ for_each: ["a"], content: { bucket: "${access_logs.value}" } })],
    [
      "take a name",
      dynamic([{ for_each: ["a"], iterator: "it", content: { bucket: "${it.value}${it.key}" } }]),
    ],
    [
      "take no other name",
      dynamic({ for_each: ["a"], iterator: "it", content: { bucket: "${access_logs.value}" } }),
      "dynamic.access_logs.content.bucket refers to access_logs.value, which this stack does not declare",
    ],
    [
      "know their elements",
      dynamic({ for_each: [{ name: "a" }], content: { bucket: "${access_logs.value.bucket}" } }),
      "dynamic.access_logs.content.bucket refers to access_logs.value.bucket, but access_logs.value has no attribute bucket",
    ],
    ["have content", dynamic({ for_each: [] }), "dynamic.access_logs.content is required"],
    ["have elements", dynamic({ content: LOGS }), "dynamic.access_logs.for_each is required"],
    [
      "hold what the block holds",
      dynamic({ for_each: [], content: {} }),
      "dynamic.access_logs.content.bucket is required",
    ],
    [
      "are of blocks",
      { dynamic: { name: { for_each: [], content: {} } } },
      "dynamic.name is no block of aws_lb",
    ],
  ])("%s", (_what, body, ...findings) => {
    expect(foundIn(body)).toEqual(findings);
  });

  it("stand for a required block", () => {
    const action = { dynamic: { default_action: { for_each: ["a"], content: { type: "forward" } } } };
    expect(
      found({ resource: { aws_lb_listener: { own: { load_balancer_arn: "arn", ...action } } } }),
    ).toEqual([]);
  });

  it("of objects in an attribute need not be whole", () => {
    const ingress = { for_each: [1], content: { from_port: "${ingress.value}", port: 1 } };
    expect(found({ resource: { aws_security_group: { own: { dynamic: { ingress } } } } })).toEqual([
      expect.stringContaining("dynamic.ingress.content.port is no argument of aws_security_group.ingress"),
    ]);
  });
});

// Terraform judges each of these the same, those of values that only an apply knows among them.
describe("references", () => {
  const stack = (value: Json) => ({
    resource: {
      aws_lb: { own: {} },
      aws_acm_certificate: { own: {} },
      aws_lb_target_group: { counted: { count: 2 }, keyed: { for_each: '${toset(["a"])}' } },
      null_resource: { other: {} },
      terraform_data: { kept: { input: { a: 1 } } },
    },
    data: {
      aws_vpc: { own: {} },
      terraform_remote_state: { kept: { backend: "local", config: {} } },
    },
    ephemeral: { aws_secret: { own: {} } },
    locals: {
      names: ["a"],
      byName: { a: { id: "a" } },
      lb: "${aws_lb.own}",
      itself: "${local.itself}",
      broken: "${",
    },
    variable: { given: {} },
    module: { used: { source: "./used", version: "${no reference}", input: "a" } },
    output: { own: { value } },
  });
  const inOutput = (value: Json) =>
    found(stack(value)).flatMap((line) => /^output\.own: value (.*) \([^()]*\)$/.exec(line)?.[1] ?? []);
  const LISTED = "aws_acm_certificate.own.domain_validation_options";

  it.each([
    ["${aws_lb.own.arn}"],
    ["${resource.aws_lb.own.arn} ${data.aws_vpc.own.cidr_block}"],
    ["${aws_lb.own}"],
    ["${aws_lb.own.access_logs[0].bucket} ${aws_lb.own.access_logs.0.bucket}"],
    ['${aws_lb.own.tags.any} ${aws_lb.own.tags["any"]}'],
    ["${aws_lb.own[*].arn} ${aws_lb.own.subnet_mapping[*].subnet_id}"],
    [`\${tolist(${LISTED})[0].domain_name} \${one(${LISTED}).domain_name} \${${LISTED}.*.domain_name[0]}`],
    ["${aws_lb_target_group.counted[0].arn} ${aws_lb_target_group.counted.*.arn}"],
    ['${aws_lb_target_group.keyed["a"].arn} ${values(aws_lb_target_group.keyed)[*].arn}'],
    ["${null_resource.other.anything[0].at.all} ${terraform_data.kept.output.a.b}"],
    ["${local.names[0]} ${local.byName.a.id} ${local.lb.arn} ${local.itself.a}"],
    ["${var.given.a} ${module.used.b} ${path.module} ${terraform.workspace}"],
    ['${lookup(local.byName, "a").id} ${jsondecode(aws_lb.own.id).a}'],
    ["${try(local.byName.a.foo, local.names.foo, local.lb.foo, null)} ${can(local.byName[0])}"],
    ["${try(local.names[*].foo, local.lb[0].arn, data.terraform_remote_state.kept.outputs.foo, null)}"],
    ["${ephemeral.aws_secret.own.value}"],
    [
      "${{ for each in local.names : each => aws_lb.own }.a.arn} ${{ for k, v in local.byName : k => v }.a.id}",
    ],
    ["${{ for each in local.names : each => aws_lb.own... }.a[0].arn}"],
    ["${(true ? aws_lb.own : null).arn} ${{ a = aws_lb.own.arn }.a} ${[for k, v in local.byName : v.id]}"],
  ])("%s lead somewhere", (value) => {
    expect(inOutput(value)).toEqual([]);
  });

  it.each([
    ["${aws_lb.other.arn}", "refers to aws_lb.other, which this stack does not declare"],
    ["${aws_bus.own.arn}", "refers to aws_bus.own, which this stack does not declare"],
    ["${data.aws_vpc.other.id}", "refers to data.aws_vpc.other, which this stack does not declare"],
    ["${data.aws_bus.own.id}", "refers to data.aws_bus.own, which this stack does not declare"],
    ["${aws_lb}", "refers to aws_lb, which is no value"],
    ["${local.other}", "refers to local.other, which this stack does not declare"],
    ["${local.lb.foo}", "refers to local.lb.foo, but aws_lb has no attribute foo"],
    ["${local.byName.a.foo}", "refers to local.byName.a.foo, but local.byName.a has no attribute foo"],
    ["${var.other}", "refers to var.other, which this stack does not declare"],
    ["${module.other.a}", "refers to module.other, which this stack does not declare"],
    ["${path.other}", "refers to path.other, but path has no attribute other"],
    ['${substring("abc", 0, 2)}', "calls substring, which is no function"],
    ['${upper("a", 0, 2)}', "gives upper 3 arguments, and it takes 1"],
    ['${join(",", "abc")}', "gives join a single value as argument 2, and it takes a list"],
    [
      '${merge(local.byName...)} ${max([1, 2]...)} ${core::upper("a")} ${length(1, 2)}',
      "gives length 2 arguments, and it takes 1",
    ],
    ["${replace(aws_lb.own.id)}", "gives replace 1 arguments, and it takes 3"],
    ["${join()}", "gives join 0 arguments, and it takes 1 or more"],
    ["${provider::aws::nope(1)}", "calls provider::aws::nope, which is no function"],
    [
      '${provider::aws::arn_parse("a").region} ${provider::other::any(1)} ${nope()}',
      "calls nope, which is no function",
    ],
    ["${each.key}", "refers to each, which means nothing here"],
    ["${try(local.other, null)}", "refers to local.other, which this stack does not declare"],
    ["${can(data.aws_vpc.own.foo)}", "refers to data.aws_vpc.own.foo, but aws_vpc has no attribute foo"],
    [
      "${try(aws_lb_target_group.counted[0].foo, null)}",
      "refers to aws_lb_target_group.counted[0].foo, but aws_lb_target_group has no attribute foo",
    ],
    [
      "${{ for each in local.names : each => aws_lb.own }.a.foo}",
      "refers to ….a.foo, but aws_lb has no attribute foo",
    ],
    [
      "${ephemeral.aws_secret.other}",
      "refers to ephemeral.aws_secret.other, which this stack does not declare",
    ],
    ["${try(aws_lb.own.foo, null)}", "refers to aws_lb.own.foo, but aws_lb has no attribute foo"],
    ["${aws_lb.own.arn.foo}", "refers to aws_lb.own.arn.foo, but aws_lb.own.arn is a string"],
    ["${aws_lb.own.arn[0]}", "refers to an element of aws_lb.own.arn, which is a string"],
    ["${aws_lb.own[0].arn}", "refers to an element of aws_lb.own, which has neither count nor for_each"],
    ["${local.byName[0]}", "refers to an element of local.byName, which is no list"],
    [
      "${aws_lb.own.access_logs.bucket}",
      "refers to aws_lb.own.access_logs.bucket, but aws_lb.own.access_logs is a list",
    ],
    [
      "${aws_lb.own.access_logs[0].foo}",
      "refers to aws_lb.own.access_logs[0].foo, but aws_lb.access_logs has no attribute foo",
    ],
    [`\${${LISTED}[0]}`, `refers to an element of ${LISTED}, which is a set: use tolist()`],
    [
      `\${${LISTED}[*].foo}`,
      `refers to ${LISTED}[*].foo, but aws_acm_certificate.domain_validation_options has no attribute foo`,
    ],
    [
      `\${tolist(${LISTED})[0].foo}`,
      `refers to tolist(${LISTED})[0].foo, but aws_acm_certificate.domain_validation_options has no attribute foo`,
    ],
    [
      `\${[for each in ${LISTED} : each.foo]}`,
      "refers to each.foo, but aws_acm_certificate.domain_validation_options has no attribute foo",
    ],
    [
      "${aws_lb_target_group.counted.arn}",
      "refers to aws_lb_target_group.counted.arn, but aws_lb_target_group.counted is a list",
    ],
    [
      "${aws_lb_target_group.keyed.arn}",
      "refers to aws_lb_target_group.keyed.arn, but aws_lb_target_group.keyed is a resource with for_each: name one by its key",
    ],
    [
      "${aws_lb_target_group.keyed[*].arn}",
      "has a splat of aws_lb_target_group.keyed, which is a resource with for_each: name one by its key",
    ],
    [
      "${values(aws_lb_target_group.keyed)[*].foo}",
      "refers to values(aws_lb_target_group.keyed)[*].foo, but aws_lb_target_group has no attribute foo",
    ],
    ["a %{ if aws_lb.own.foo }b%{ endif }", "refers to aws_lb.own.foo, but aws_lb has no attribute foo"],
    ["${aws_lb.own.arn", "cannot be read: it ends where } should be"],
  ])("%s leads nowhere", (value, finding) => {
    expect(inOutput(value)).toEqual([finding]);
  });

  it.each([
    ["in lists, objects and keys", [{ "${local.a}": "${local.b}" }], ["local.a", "local.b"]],
    ["in text", "a ${local.a} ${local.b}", ["local.a", "local.b"]],
  ])("are found %s", (_where, value, names) => {
    expect(inOutputWithPaths(value).map((line) => /refers to (\S+),/.exec(line)?.[1])).toEqual(names);
  });

  const inOutputWithPaths = (value: Json) =>
    found(stack(value)).filter((line) => line.startsWith("output.own"));

  it("are found wherever a stack has expressions", () => {
    const value = "${local.none}";
    const where = found({
      locals: { own: value },
      module: { own: { source: value, input: value } },
      output: { own: { value: 1, precondition: [{ condition: value }], depends_on: ["local.none"] } },
      provider: { aws: [{ default_tags: [{ tags: { a: value } }] }] },
      resource: {
        null_resource: { own: { triggers: { a: value } } },
        aws_lb: { own: { tags: { [value]: "a" } } },
      },
      data: { aws_vpc: { own: { filter: [{ name: "a", values: [value] }] } } },
    });
    expect(where.map((line) => line.replace(/ refers to local\.none, .*/, "")).sort()).toEqual([
      "aws_lb.own: tags",
      "data.aws_vpc.own: filter[0].values[0]",
      "local.own",
      "module.own: input",
      "null_resource.own: triggers.a",
      "output.own: depends_on",
      "output.own: precondition[0].condition",
      'provider.aws: default_tags[0].tags["a"]',
    ]);
  });
});

describe("the outputs of a remote state", () => {
  const state = (key: string) => ({ bucket: "state", key, region: "eu-west-1" });
  const reading = (value: string) => ({
    data: { terraform_remote_state: { other: { backend: "s3", config: state("other.tfstate") } } },
    output: { own: { value } },
  });
  const beside = (key: string) => ({
    terraform: { backend: { s3: { ...state(key), encrypt: true } } },
    output: { name: { value: "a" }, alarms: { value: { a: { id: "b" } } } },
  });
  const readFrom = (output: string, key: string) =>
    found(reading(`\${data.terraform_remote_state.other.outputs.${output}}`), [beside(key)]);

  it("are those of the stack beside that keeps it", () => {
    expect(readFrom("name", "other.tfstate")).toEqual([]);
    expect(readFrom('alarms["a"].id', "other.tfstate")).toEqual([]);
    expect(readFrom("names", "other.tfstate")).toEqual([
      expect.stringMatching(
        /^output\.own: value refers to data\.terraform_remote_state\.other\.outputs\.names, but .*outputs has no attribute names \(/,
      ),
    ]);
    expect(readFrom('alarms["a"].ids', "other.tfstate")).toEqual([
      expect.stringContaining("no attribute ids"),
    ]);
  });

  it("are not known without it", () => {
    expect(readFrom("names", "third.tfstate")).toEqual([
      expect.stringContaining('config.key is "other.tfstate"'),
    ]);
    expect(found(reading("${data.terraform_remote_state.other.output.name}"))).toEqual([
      expect.stringContaining("but terraform_remote_state has no attribute output"),
    ]);
  });
});

describe("arguments that are Terraform's own", () => {
  const others = {
    provider: {
      aws: [{ region: "eu-west-1" }, { alias: "dns", region: "us-east-1" }],
      other: [{ alias: "x" }],
    },
    data: { aws_vpc: { own: {} } },
  };

  it.each<[string, Json, ...string[]]>([
    ["a provider of the stack", { provider: "aws.dns" }],
    ["the provider without an alias", { provider: "aws" }],
    ["another provider", { provider: "aws.none" }, "provider is aws.none, which this stack does not declare"],
    ["what it depends on", { depends_on: ["data.aws_vpc.own", "aws_lb.other.arn"] }],
    [
      "no dependency",
      { depends_on: ["aws_lb.none"] },
      "depends_on refers to aws_lb.none, which this stack does not declare",
    ],
    [
      "a dependency as a template",
      { depends_on: ["${aws_lb.other}"] },
      'depends_on has "${aws_lb.other}", which has to be a reference without ${…}',
    ],
    [
      "a dependency that is no list",
      { depends_on: "aws_lb.other" },
      'depends_on is "aws_lb.other", and has to be a list of references',
    ],
    ["count", { count: 2, name: "a${count.index}" }],
    ["for_each", { for_each: { a: { b: 1 } }, name: "${each.key}${each.value.b}" }],
    [
      "what each is not",
      { for_each: {}, name: "${each.foo}" },
      "name refers to each.foo, but each has no attribute foo",
    ],
    [
      "count beside for_each",
      { for_each: "${{ a = { b = 1 } }}", count: "${local.none}" },
      "count refers to local.none, which this stack does not declare",
      "count is there beside for_each, which excludes it",
    ],
    ["each without for_each", { name: "${each.key}" }, "name refers to each, which means nothing here"],
    ["self in an argument", { name: "${self.arn}" }, "name refers to self, which means nothing here"],
    [
      "self in a postcondition and a provisioner",
      {
        lifecycle: {
          postcondition: [{ condition: "${self.arn != null}", error_message: "${self.id}" }],
          create_before_destroy: true,
        },
        provisioner: [{ "local-exec": { command: "echo ${self.arn}" } }],
      },
    ],
    [
      "self without the attribute",
      {
        lifecycle: { postcondition: { condition: "${self.foo}", error_message: "a" } },
        connection: { host: "${self.foo}" },
      },
      "connection.host refers to self.foo, but aws_lb has no attribute foo",
      "lifecycle.postcondition.condition refers to self.foo, but aws_lb has no attribute foo",
    ],
    [
      "self in a precondition",
      { lifecycle: [{ precondition: { condition: "${self.arn}", error_message: "a" } }] },
      "lifecycle.precondition.condition refers to self, which means nothing here",
    ],
    [
      "a condition of the clock alone",
      {
        lifecycle: {
          precondition: {
            condition: '${timecmp(plantimestamp(), "2027-01-01T00:00:00Z") < 0}',
            error_message: "a",
          },
        },
      },
      "lifecycle.precondition.condition refers to nothing, so that it would check nothing: Terraform does not take it",
    ],
    ["changes to ignore", { lifecycle: { ignore_changes: ["name", "access_logs[0].bucket", 'tags["a"]'] } }],
    ["all changes to ignore", { lifecycle: { ignore_changes: "all" } }],
    [
      "changes of nothing",
      { lifecycle: { ignore_changes: ["nam", "access_logs[0].buck"] } },
      "lifecycle.ignore_changes refers to self.nam, but aws_lb has no attribute nam",
      "lifecycle.ignore_changes refers to self.access_logs[0].buck, but aws_lb.access_logs has no attribute buck",
    ],
    [
      "what replaces it",
      { lifecycle: { replace_triggered_by: ["data.aws_vpc.own.id", "data.aws_vpc.own.foo"] } },
      "lifecycle.replace_triggered_by refers to data.aws_vpc.own.foo, but aws_vpc has no attribute foo",
    ],
    [
      "an unknown rule",
      { lifecycle: { "//": "a", keep: true } },
      "lifecycle.keep is no argument of lifecycle",
    ],
  ])("%s", (_what, body, ...findings) => {
    expect(foundIn(body, others)).toEqual(findings);
  });
});

describe("for_each over objects that the provider makes", () => {
  const validation = (name: string) => ({
    resource: {
      aws_acm_certificate: { own: {} },
      aws_route53_record: {
        own: {
          for_each:
            "${{ for dvo in aws_acm_certificate.own.domain_validation_options : dvo.domain_name => { name = dvo.resource_record_name } }}",
          name,
          type: "CNAME",
          zone_id: "Z1",
        },
      },
    },
  });

  it("takes their values by name", () => {
    expect(found(validation("${each.value.name}"))).toEqual([]);
    expect(found(validation("${each.value.foo}"))).toEqual([
      expect.stringContaining("name refers to each.value.foo, but each.value has no attribute foo"),
    ]);
  });
});

describe("a module", () => {
  const module = (own: Json) =>
    found({ data: { aws_vpc: { own: {} } }, module: { own: { source: "./own", ...own } } });

  it("takes the arguments that Terraform gives to all", () => {
    expect(module({ for_each: ["a"], input: "${each.value}", depends_on: ["data.aws_vpc.own"] })).toEqual([]);
    expect(module({ count: 1, input: "${count.index}" })).toEqual([]);
    expect(module({ input: "${each.value}" })).toHaveLength(1);
    expect(module({ depends_on: ["aws_lb.none"] })).toHaveLength(1);
  });
});

it("knows ephemeral resources by their names", () => {
  const output = { own: { value: "${ephemeral.aws_secrets_manager_secret_version.own.secret}" } };
  const ephemeral = { aws_secrets_manager_secret_version: { own: { secret_id: "${aws_lb.none.id}" } } };
  expect(found({ ephemeral, output })).toEqual([
    expect.stringContaining(
      "ephemeral.aws_secrets_manager_secret_version.own: secret_id refers to aws_lb.none",
    ),
  ]);
});

describe("the blocks that are Terraform's own", () => {
  const lines = (stack: Json) =>
    found({ data: { aws_vpc: { own: {} } }, ...stack }).map((line) => line.replace(/ \([^()]*\)$/, ""));
  const s3 = { bucket: "b", key: "k", region: "eu-west-1", encrypt: true, use_lockfile: true };
  const sizes = { min_size: 1, max_size: 1 };
  const lifecycle = (rules: Json) => ({ resource: { aws_lb: { own: { lifecycle: rules } } } });

  it.each<[Json]>([
    [{ terraform: { required_version: ">= 1.11", backend: { s3 } } }],
    [{ terraform: { backend: { gcs: { any: 1 } } }, moved: [], import: [], removed: [], check: {} }],
    [{ output: { own: { value: 1, sensitive: "true", description: "a", ephemeral: false } } }],
    [{ variable: { own: { type: "list(string)", default: [], nullable: false, validation: [] } } }],
    [{ provider: { aws: [{}, { alias: "a" }, { alias: "b" }] } }],
    [{ provider: { aws: [{ region: "eu-west-1" }, { alias: "a", region: "${path.module}" }] } }],
    [
      {
        terraform: {
          required_version: ">= 1.11.0, < 2",
          required_providers: { a: { source: "b.example/c/a" } },
        },
      },
    ],
    [lifecycle({ create_before_destroy: true, prevent_destroy: "false" })],
    [{ resource: { aws_lb: { own: { timeouts: { create: "1h30m", delete: "1.5m" } } } } }],
    [{ resource: { aws_autoscaling_group: { own: { ...sizes, wait_for_capacity_timeout: "0" } } } }],
  ])("may be %j", (stack) => {
    expect(lines(stack)).toEqual([]);
  });

  it.each<[Json, string]>([
    [{ resources: {} }, "resources is no block of Terraform"],
    [
      { terraform: { required_version: "1.11 or later" } },
      'terraform: required_version is "1.11 or later", and has to be a constraint, such as ">= 1.11.0"',
    ],
    [
      { terraform: { required_providers: { aws: { source: "hashicorp//aws" } } } },
      'terraform: required_providers.aws.source is "hashicorp//aws", and has to be such as "hashicorp/aws"',
    ],
    [
      { provider: { aws: [{ region: "eu-wset-1" }] } },
      'provider.aws: region is "eu-wset-1", which is no region of AWS',
    ],
    [{ terraform: { version: "1" } }, "terraform: version is no argument of terraform"],
    [
      { terraform: { backend: { s3: { ...s3, kye: "a" } } } },
      "terraform: backend.s3.kye is no argument of backend s3",
    ],
    [{ terraform: { backend: { s3: { ...s3, key: null } } } }, "terraform: backend.s3.key is required"],
    [
      { terraform: { backend: { s3: { ...s3, encrypt: "yes" } } } },
      'terraform: backend.s3.encrypt is "yes", and has to be a bool',
    ],
    [
      { terraform: { backend: { s3: { ...s3, key: "${path.module}" } } } },
      'terraform: backend.s3.key is "${path.module}", and may have no ${…}',
    ],
    [{ terraform: { backend: { s4: {} } } }, "terraform: backend.s4 is no backend"],
    [{ output: { own: { description: "a" } } }, "output.own: value is required"],
    [{ output: { own: { value: 1, valeu: 2 } } }, "output.own: valeu is no argument of output"],
    [
      { output: { own: { value: 1, sensitive: "maybe" } } },
      'output.own: sensitive is "maybe", and has to be a bool',
    ],
    [{ variable: { own: { typ: "string" } } }, "variable.own: typ is no argument of variable"],
    [{ module: { own: { input: 1 } } }, "module.own: source is required"],
    [{ provider: { aws: [{}, {}] } }, "provider.aws is there several times without an alias"],
    [
      { provider: { aws: [{ alias: "a" }, { alias: "a" }] } },
      "provider.aws is there several times with the alias a",
    ],
    [
      { resource: { aws_lb: { "1 a!": {} } } },
      'resource "1 a!" is no name: it has letters, digits, _ and -, and begins with none of the latter two',
    ],
    [
      lifecycle({ create_before_destroy: "maybe" }),
      'aws_lb.own: lifecycle.create_before_destroy is "maybe", and has to be true or false',
    ],
    [
      lifecycle({ prevent_destroy: "${1 == 1}" }),
      'aws_lb.own: lifecycle.prevent_destroy is "${1 == 1}", and has to be true or false',
    ],
    [
      lifecycle([{ prevent_destroy: true }, { create_before_destroy: true }]),
      "aws_lb.own: lifecycle is there 2 times, and may be there once",
    ],
    [
      { data: { aws_vpc: { own: { lifecycle: { prevent_destroy: true } } } } },
      "data.aws_vpc.own: lifecycle.prevent_destroy is for resources, and this is a data source",
    ],
    [
      { resource: { aws_lb: { own: { timeouts: { create: "15 minutes" } } } } },
      'aws_lb.own: timeouts.create is "15 minutes", and has to be a duration, such as "15m"',
    ],
    [
      { resource: { aws_autoscaling_group: { own: { ...sizes, wait_for_capacity_timeout: "10" } } } },
      'aws_autoscaling_group.own: wait_for_capacity_timeout is "10", and has to be a duration, such as "15m"',
    ],
    [
      { resource: { aws_lb: { own: { for_each: 3 } } } },
      "aws_lb.own: for_each is 3, and has to be a map or a set of strings",
    ],
  ])("may not be %j", (stack, sentence) => {
    expect(lines(stack)).toEqual([sentence]);
  });

  it("lead to states that the stacks beside write", () => {
    const config = { bucket: "b", key: "k", region: "eu-west-1" };
    const reads = (more: Json) =>
      found(
        { data: { terraform_remote_state: { own: { backend: "s3", config: { ...config, ...more } } } } },
        [{ terraform: { backend: { s3 } } }],
      );
    expect(reads({})).toEqual([]);
    expect(reads({ bucket: "other", key: "kye" })).toEqual([]);
    expect(reads({ key: "kye" })).toEqual([
      'data.terraform_remote_state.own: config.key is "kye", which none of the stacks beside writes (https://developer.hashicorp.com/terraform/language/state/remote-state-data)',
    ]);
  });
});

describe("circles", () => {
  const CIRCLE = "(https://developer.hashicorp.com/terraform/internals/graph)";
  const group = (id: string, body: Json) => ({ [id]: { vpc_id: "${data.aws_vpc.own.id}", ...body } });
  const stackOf = (groups: Json, more: Json = {}) => ({
    data: { aws_vpc: { own: {} } },
    resource: { aws_security_group: groups },
    ...more,
  });

  it.each<[string, Json, ...string[]]>([
    ["none", stackOf({ ...group("a", { name: "${aws_security_group.b.id}" }), ...group("b", {}) })],
    ["one that is ignored", stackOf(group("a", { lifecycle: { ignore_changes: ["name"] } }))],
    [
      "a resource that names itself",
      stackOf(group("a", { description: "${aws_security_group.a.id}" })),
      `aws_security_group.a refers to itself ${CIRCLE}`,
    ],
    [
      "two resources",
      stackOf({
        ...group("b", { name: "${aws_security_group.a.id}" }),
        ...group("a", { description: "x-${aws_security_group.b.name}" }),
      }),
      `aws_security_group.a needs itself: aws_security_group.a → aws_security_group.b → aws_security_group.a ${CIRCLE}`,
    ],
    [
      "through depends_on",
      stackOf({
        ...group("a", { depends_on: ["aws_security_group.b"] }),
        ...group("b", { depends_on: ["aws_security_group.a"] }),
      }),
      `aws_security_group.a needs itself: aws_security_group.a → aws_security_group.b → aws_security_group.a ${CIRCLE}`,
    ],
    [
      "through a local",
      stackOf(group("a", { name: "${local.own}" }), {
        locals: { own: "${upper([for each in [1] : aws_security_group.a.id][0])}" },
      }),
      `aws_security_group.a needs itself: aws_security_group.a → local.own → aws_security_group.a ${CIRCLE}`,
    ],
    [
      "through the lifecycle",
      stackOf({
        ...group("a", {
          lifecycle: {
            precondition: [{ condition: '${aws_security_group.b.id != ""}', error_message: "none" }],
          },
        }),
        ...group("b", { lifecycle: { replace_triggered_by: ["aws_security_group.a"] } }),
      }),
      `aws_security_group.a needs itself: aws_security_group.a → aws_security_group.b → aws_security_group.a ${CIRCLE}`,
    ],
    [
      "through a provider",
      stackOf(group("a", {}), { provider: { aws: [{ region: "${aws_security_group.a.id}" }] } }),
      `aws_security_group.a needs itself: aws_security_group.a → data.aws_vpc.own → provider:aws → aws_security_group.a ${CIRCLE}`,
    ],
  ])("%s", (_what, stack, ...findings) => {
    expect(found(stack)).toEqual(findings);
  });
});
