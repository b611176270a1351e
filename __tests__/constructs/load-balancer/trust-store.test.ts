import { Testing } from "cdktf";
import { TrustStore, type TrustStoreProps } from "../../../constructs/load-balancer/trust-store";
import { ServingStack } from "../../../stacks/serving-stack";

const bundle = { bucket: "example-authorities", key: "clients/2026-11.pem" };
const list = (key: string) => ({ bucket: "example-authorities", key });

function made(props: Partial<TrustStoreProps> = {}) {
  const stack = new ServingStack(Testing.app(), "stack");
  new TrustStore(stack, "clients", { name: "chat-1", bundle, ...props });
  return JSON.parse(Testing.synth(stack)).resource;
}

it("holds the authorities, by the object in S3", () => {
  const { aws_lb_trust_store, aws_lb_trust_store_revocation } = made();
  expect(aws_lb_trust_store.clients).toMatchObject({
    name: "chat-1",
    ca_certificates_bundle_s3_bucket: "example-authorities",
    ca_certificates_bundle_s3_key: "clients/2026-11.pem",
  });
  expect(aws_lb_trust_store_revocation).toBeUndefined();
});

it("has each list of revoked certificates under an address of its own, whatever their order", () => {
  const lists = ["a.crl", "a-crl", "b.crl"].map(list);
  const one = made({ revocations: lists }).aws_lb_trust_store_revocation;
  expect(Object.keys(one)).toHaveLength(3);
  expect(made({ revocations: [...lists].reverse() }).aws_lb_trust_store_revocation).toEqual(one);
  expect(Object.values(one)).toContainEqual(
    expect.objectContaining({
      revocations_s3_bucket: "example-authorities",
      revocations_s3_key: "a.crl",
      trust_store_arn: `\${aws_lb_trust_store.clients.arn}`,
    }),
  );
});

it.each<[string, Partial<TrustStoreProps>, string]>([
  ["a name with two hyphens in a row", { name: "chat--1" }, "single inner hyphens"],
  ["a bucket that cannot be", { bundle: { ...bundle, bucket: "A" } }, "bucket must have"],
  ["no key", { bundle: { ...bundle, key: "" } }, "key must have"],
  ["31 lists", { revocations: Array.from({ length: 31 }, (_, index) => list(`${index}`)) }, "from 0 to 30"],
])("refuses %s", (_what, props, message) => {
  expect(() => made(props)).toThrow(message);
});
