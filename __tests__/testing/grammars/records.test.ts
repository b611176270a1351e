import { renderFinding } from "../../../testing/finding";
import { recordFindings } from "../../../testing/grammars/records";

const found = (record: object) =>
  recordFindings({ resource: { aws_route53_record: { own: { name: "a.example.com", ...record } } } }).map(
    (finding) =>
      renderFinding(finding)
        .replace("aws_route53_record.own: ", "")
        .replace(" (Route 53 developer guide, Supported DNS record types)", ""),
  );

it.each([
  { type: "A", alias: { name: "b.example.com" } },
  { type: "A", ttl: 60, records: ["192.0.2.1"] },
  { type: "AAAA", ttl: 60, records: ["2001:db8::1"] },
  { type: "CNAME", ttl: 60, records: ["_a.b-c.acm-validations.aws."] },
  { type: "CNAME", ttl: 60, records: [`\${one(x)}`], name: `\${one(y)}` },
  { type: "TXT", ttl: 60, records: ["v=spf1 -all"] },
  { type: "MX", ttl: 60, records: ["10 mail.example.com"] },
  { type: "CAA", ttl: 60, records: ['0 issue "amazon.com"'] },
  { type: "A", alias: { name: "b.example.com" }, name: "*.example.com" },
  { type: "A", alias: { name: "b.example.com" }, name: "", ttl: null, records: null },
  { type: "A", dynamic: { alias: { for_each: ["a"], content: { zone_id: "Z1" } } } },
])("%j is a record", (record) => {
  expect(found(record)).toEqual([]);
});

it.each([
  [{ type: "A", ttl: 60, records: ["192.0.2"] }, 'records has "192.0.2", which is no value of type A'],
  [
    { type: "AAAA", ttl: 60, records: ["192.0.2.1"] },
    'records has "192.0.2.1", which is no value of type AAAA',
  ],
  [
    { type: "CNAME", ttl: 60, records: ["https://b"] },
    'records has "https://b", which is no value of type CNAME',
  ],
  [{ type: "CNAME", ttl: 60, records: ["b", "c"] }, "records has 2 values, and a CNAME has one"],
  [{ type: "A", alias: {}, name: "a..b" }, 'name is "a..b", which is no name of DNS'],
  [{ type: "A", ttl: 60, alias: {} }, "ttl must be given with records, and not with an alias"],
  [{ type: "A", records: ["192.0.2.1"] }, "ttl must be given with records, and not with an alias"],
  [{ type: "A", ttl: 60 }, "records must be given, or an alias, and not both"],
])("%j is found", (record, sentence) => {
  expect(found(record)).toEqual([sentence]);
});
