import { formatPath } from "../../../config/diagnostics/diagnostic";
import { type Wanted, weightsPlace } from "../../../scripts/mirror/places";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

type Model = WrittenFile["models"][string];

const ids = { stable: "acme/one", canary: "acme/two" };
const model = (fields: Partial<Model>): Model => ({ ...validModel(), weights: undefined, ...fields });

/** Where the weights of a model go in two regions. */
function pathOf(of: Model, wanted: Partial<Wanted> = {}, inEurope: Partial<Model> = {}): string {
  const europe = {
    network: { create: { cidr: "10.1.0.0/16" } },
    models: { llama: inEurope },
  } as WrittenFile["regions"][string];
  const file = validFile();
  const loaded = valid({
    ...file,
    survive: "zone",
    regions: { ...file.regions, "eu-west-1": europe },
    models: { llama: of },
  });
  return formatPath(weightsPlace(loaded, { model: "llama", ...wanted }).path);
}

const several = model({
  variants: { stable: { weight: 95, model: ids.stable }, canary: { weight: 5, model: ids.canary } },
});

test.each<[string, Model, Partial<Wanted>, Partial<Model>, string]>([
  ["of a model", model({ model: ids.stable }), {}, {}, "models.llama.weights"],
  [
    "of variants with the same model",
    model({ model: ids.stable, variants: { stable: { weight: 95 }, canary: { weight: 5 } } }),
    { variant: "stable" },
    {},
    "models.llama.weights",
  ],
  ["of a variant", several, { variant: "stable" }, {}, "models.llama.variants.stable.weights"],
  [
    "of a region",
    model({ model: ids.stable }),
    { region: "eu-west-1" },
    { model: ids.canary },
    "regions.eu-west-1.models.llama.weights",
  ],
  [
    "of a variant in a region",
    model({ model: ids.stable, variants: { stable: { weight: 95 }, canary: { weight: 5 } } }),
    { region: "eu-west-1", variant: "canary" },
    { variants: { canary: { weight: 5, model: ids.canary } } },
    "regions.eu-west-1.models.llama.variants.canary.weights",
  ],
  [
    "of a region, where it has them",
    model({ weights: { uri: "s3://acme/a/", size: "15GiB" } }),
    { region: "eu-west-1" },
    { weights: { uri: "s3://acme/b/", size: "15GiB" } },
    "regions.eu-west-1.models.llama.weights",
  ],
])("weights %s are written for them alone", (_, of, wanted, inEurope, path) => {
  expect(pathOf(of, wanted, inEurope)).toBe(path);
});

test.each<[string, Model, Partial<Wanted>, Partial<Model>]>([
  ["variants", several, {}, {}],
  ["regions", model({ model: ids.stable }), {}, { model: ids.canary }],
])("of %s with several models it is asked which", (_, of, wanted, inEurope) => {
  expect(() => pathOf(of, wanted, inEurope)).toThrow("llama has several weights; add --region");
});
