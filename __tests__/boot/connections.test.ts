import { FakeInstance, scriptOf } from "./instance";
import { loadBalancer, sockets } from "./sockets";

const instance = new FakeInstance({ port: 8000, health: { protocol: "http", port: 9000, path: "/health" } });
afterAll(() => instance.remove());

const counted = (...lines: readonly string[]) => {
  sockets(instance, ...lines);
  return instance.bash(
    `source '${instance.path("instance.sh")}'; source '${scriptOf("connections.sh")}'; open_connections`,
  );
};

describe("the connections of the load balancer", () => {
  it("are those that are established, over IPv4 and IPv6, to the port of requests", async () => {
    expect(await counted(loadBalancer(8000), loadBalancer(8000), loadBalancer(8000, "v6"))).toBe("3\n");
    expect(await counted(loadBalancer(8001), loadBalancer(80), loadBalancer(9000))).toBe("0\n");
  });

  it.each(["0A", "06", "08", "02"])("are not those in state %s", async (state) => {
    expect(await counted(loadBalancer(8000, "v4", state))).toBe("0\n");
  });

  it.each([
    ["IPv4", "0100007F:1F40", "0100007F:D431"],
    ["IPv4 in IPv6", "0000000000000000FFFF00000100007F:1F40", "0000000000000000FFFF00000100007F:D431"],
    ["IPv6", "00000000000000000000000001000000:1F40", "00000000000000000000000001000000:D431"],
  ])("are not those of the instance itself, over %s", async (_, local, peer) => {
    expect(await counted(`   0: ${local} ${peer} 01 00000000:00000000`)).toBe("0\n");
  });

  it("are none where the kernel lists none", async () => {
    instance.set("SOCKETS", instance.path("nowhere"));
    expect(
      await instance.bash(
        `source '${instance.path("instance.sh")}'; source '${scriptOf("connections.sh")}'; open_connections`,
      ),
    ).toBe("0\n");
  });
});
