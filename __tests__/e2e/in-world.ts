import type { WrittenFile } from "../support/serving-file";
import type { FoundNetwork } from "./world";

type WrittenNetwork = WrittenFile["regions"][string]["network"];

/**
 * A deployment as it would be written for the world the suite has made: VPCs and subnets that are there instead of
 * made-up ids and tags, and no other zones, and no more, than the emulator has in a region. All else stays.
 */
export function inWorld(file: WrittenFile, networkIn: (region: string) => FoundNetwork): WrittenFile {
  const regions = Object.entries(file.regions).map(([name, region]) => [
    name,
    { ...region, network: network(region.network, networkIn(name)) },
  ]);
  return { ...file, regions: Object.fromEntries(regions), models: reservedInWorld(file, networkIn) };
}

/** The models, with what is reserved in zones that the network has. One that is made takes these zones by itself. */
function reservedInWorld(
  { models, regions }: WrittenFile,
  networkIn: (region: string) => FoundNetwork,
): WrittenFile["models"] {
  const [[region, { network: written }] = ["", { network: {} }]] = Object.entries(regions);
  if (written.existing === undefined && !Array.isArray(written.create?.zones)) {
    return models;
  }
  const { zoneNames } = networkIn(region);
  const zoneAt = (index: number) => zoneNames[index] ?? "";
  return Object.fromEntries(
    Object.entries(models).map(([name, model]) => {
      const { capacityBlock: block, capacityReservation: reservation } = model;
      const reservations = reservation?.reservations?.map((each, index) => ({
        ...each,
        zone: zoneAt(index),
      }));
      return [
        name,
        {
          ...model,
          ...(block && { capacityBlock: { ...block, zone: zoneAt(0) } }),
          ...(reservations && { capacityReservation: { ...reservation, reservations } }),
        },
      ];
    }),
  );
}

function network(
  written: WrittenNetwork,
  { vpcId, zoneNames, publicSubnetIds, privateSubnetIds }: FoundNetwork,
): WrittenNetwork {
  const zones = (wanted: number) => Math.min(wanted, publicSubnetIds.length);
  const { create, existing } = written;
  if (typeof create?.zones === "number") {
    return { create: { ...create, zones: zones(create.zones) } };
  }
  if (create?.zones !== undefined) {
    return { create: { ...create, zones: zoneNames.slice(0, create.zones.length) } };
  }
  if (existing === undefined) {
    return written;
  }
  if (existing.zones !== undefined) {
    const count = zones(existing.zones);
    return {
      existing: {
        ...existing,
        vpcId,
        zones: count,
        albSubnetTags: { [`public-${count}`]: "yes" },
        instanceSubnetTags: { [`${existing.publicAddresses ? "public" : "private"}-${count}`]: "yes" },
      },
    };
  }
  const { albSubnetIds = [], instanceSubnetIds = [], publicAddresses } = existing;
  const others = publicAddresses ? publicSubnetIds : privateSubnetIds;
  return {
    existing: {
      ...existing,
      vpcId,
      albSubnetIds: publicSubnetIds.slice(0, albSubnetIds.length),
      // What is the same subnet in the file stays the same one.
      instanceSubnetIds: instanceSubnetIds.slice(0, others.length).map((id, index) => {
        const place = albSubnetIds.indexOf(id);
        return (place < 0 ? others[index] : publicSubnetIds[place]) ?? id;
      }),
    },
  };
}
