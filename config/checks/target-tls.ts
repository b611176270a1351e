import { type Diagnostic, error } from "../diagnostics/diagnostic";
import { serverSpeaksTls, serverTls } from "../plan/server-start";
import { writtenArgument } from "../plan/written-argument";
import { presetOf, versionOf } from "../servers/presets";
import { isBefore, versionText } from "../servers/version";
import { type Check, modelFiles, type VariantInRegion, variantsInRegions } from "./check";

/** TLS from the load balancer to the instances: where something on them speaks it, and with one certificate. */
export const checkTargetTls: Check = (subject) => [
  ...modelFiles(subject).flatMap(({ model, at }) => {
    const tls = serverTls(model);
    return serverSpeaksTls(model) && tls?.by === "none"
      ? [
          error(
            "server-without-tls",
            at("targetTls"),
            `${tls.why}, and nothing else on the instance takes TLS; remove it: requests are then unencrypted within the VPC`,
          ),
        ]
      : [];
  }),
  ...variantsInRegions(subject).flatMap((each) => [
    ...versionDiagnostics(each),
    ...certificateDiagnostics(each),
  ]),
];

function versionDiagnostics({ model, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { server } = model;
  const tls = serverTls(model);
  const version = versionOf(server, variant.settings.image);
  return model.speaksTls && tls !== undefined && tls.by !== "none" && isBefore(version, tls.since)
    ? [
        error(
          "server-version-too-old",
          at("image"),
          `${server} is known to speak TLS from ${versionText(tls.since ?? [], presetOf(server)?.versionPrefix)} on; use a later one, or remove targetTls`,
        ),
      ]
    : [];
}

/** A certificate that the team gives the server: it contradicts `targetTls`, or the load balancer would not speak TLS. */
function certificateDiagnostics({
  model,
  variant: { settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  const { server } = model;
  const tls = serverTls(model);
  if (tls === undefined || tls.by === "none") {
    return [];
  }
  return Object.keys(tls.options).flatMap((name) => {
    const argument = tls.by === "argument" ? writtenArgument(server, name, settings) : undefined;
    const variable = tls.by === "env" ? settings.env[name] : undefined;
    if (argument === undefined && variable === undefined) {
      return [];
    }
    const where = argument === undefined ? at("env", name) : at("arguments", argument.index);
    return [
      error(
        "certificate-given-to-server",
        where,
        wrongWith(name, model.targetProtocol === "HTTPS", model.speaksTls),
      ),
    ];
  });
}

function wrongWith(name: string, targetTls: boolean, serverToo: boolean): string {
  if (serverToo) {
    return `targetTls sets ${name}, with a certificate that the instance makes; remove it`;
  }
  return targetTls
    ? `with ${name} the server speaks TLS, which Target Optimizer's agent does for it; remove it`
    : `with ${name} the server speaks TLS, but the load balancer would not; remove it, and write targetTls: true`;
}
