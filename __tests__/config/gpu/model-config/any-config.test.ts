import fc from "fast-check";
import { observedModels } from "../../../../bench/memory/observations";
import { IMAGES } from "../../../../scripts/new/answers";
import { loadFile, validFile } from "../../../support/serving-file";

/** Keys that configurations of the hub have. */
const keys = [
  ...new Set(
    observedModels().flatMap(({ config }) => [
      ...Object.keys(config),
      ...Object.keys((config.text_config ?? {}) as object),
    ]),
  ),
];
const strange = fc.oneof(
  fc.constantFrom(
    null,
    0,
    -1,
    1,
    0.5,
    1e300,
    "",
    "auto",
    "bfloat16",
    true,
    [],
    {},
    [null],
    ["full_attention"],
  ),
  fc.nat(300),
  fc.array(fc.nat(4), { maxLength: 4 }),
);
const written = fc.dictionary(fc.constantFrom(...keys), strange, { maxKeys: 8 });
/** A configuration of the hub with some of its keys as nobody has written them, or only such keys. */
const configs = fc
  .record({ base: fc.constantFrom({}, ...observedModels().map(({ config }) => config)), other: written })
  .map(({ base, other }) => ({ ...base, ...other }));

const SERVED = {
  capacity: { peakRequestsPerMinute: 60, typicalRequest: { promptTokens: 100, answerTokens: 10 } },
  scaling: {},
};

test("a file is answered whatever its config.json says", () => {
  fc.assert(
    fc.property(configs, fc.constantFrom("vllm" as const, "sglang" as const), (config, server) => {
      const file = validFile();
      const models = Object.entries(file.models).map(([name, model]) => [
        name,
        {
          ...model,
          ...SERVED,
          server,
          image: IMAGES[server],
          memory: { config: { text: JSON.stringify(config) } },
        },
      ]);
      expect(() => loadFile({ ...file, models: Object.fromEntries(models) })).not.toThrow();
    }),
  );
});
