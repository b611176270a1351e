import { allowsOldTls, DEFAULT_TLS_POLICY, tlsPolicy, tlsPolicyNames } from "../../aws/tls-policies";

function lets(name: string) {
  const policy = tlsPolicy(name);
  return policy && (allowsOldTls(policy) ? "old TLS" : "TLS 1.2 or newer");
}

test("the default allows TLS 1.2 and newer, with post-quantum key exchange", () => {
  expect(tlsPolicy(DEFAULT_TLS_POLICY)).toEqual({
    name: DEFAULT_TLS_POLICY,
    oldest: "1.2",
    fips: false,
    postQuantum: true,
  });
});

test.each([
  ["ELBSecurityPolicy-2016-08", "old TLS"],
  ["ELBSecurityPolicy-FS-2018-06", "old TLS"],
  ["ELBSecurityPolicy-TLS-1-1-2017-01", "old TLS"],
  ["ELBSecurityPolicy-TLS13-1-1-2021-06", "old TLS"],
  ["ELBSecurityPolicy-TLS13-1-0-PQ-2025-09", "old TLS"],
  ["ELBSecurityPolicy-TLS-1-2-2017-01", "TLS 1.2 or newer"],
  ["ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06", "TLS 1.2 or newer"],
  ["ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04", "TLS 1.2 or newer"],
  ["ELBSecurityPolicy-TLS13-1-3-2021-06", "TLS 1.2 or newer"],
])("%s allows %s", (name, what) => {
  expect(lets(name)).toBe(what);
});

test("a FIPS policy is recognized", () => {
  expect(tlsPolicy("ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04")?.fips).toBe(true);
  expect(tlsPolicy("ELBSecurityPolicy-TLS13-1-3-2021-06")?.fips).toBe(false);
});

test("a name AWS does not have is unknown", () => {
  expect(tlsPolicy("TLS-9")).toBeUndefined();
});

test("the names are sorted, and each appears once", () => {
  expect(tlsPolicyNames).toEqual([...new Set(tlsPolicyNames)].sort());
  expect(tlsPolicyNames).toHaveLength(37);
});

test("the version in a name agrees with the version it is listed under", () => {
  const versioned = tlsPolicyNames.flatMap((name) => {
    const minor = /-(?:FS|TLS|TLS13)-1-(\d)-/.exec(name)?.[1];
    return minor === undefined ? [] : [[name, `1.${minor}`] as const];
  });
  expect(versioned).toHaveLength(35);
  for (const [name, oldest] of versioned) {
    expect([name, tlsPolicy(name)?.oldest]).toEqual([name, oldest]);
  }
});
