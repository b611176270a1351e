import type { Capacity } from "../simulation/auto-scaling/surroundings";

/** What is cut off, and whether EC2 has instances to give. */
export class Network implements Capacity {
  readonly cutZones = new Set<string>();
  readonly cutRegions = new Set<string>();
  launches = true;

  /** Whether something in one zone reaches something in another. What is cut off reaches only itself. */
  reaches(from: string, to: string): boolean {
    return from === to || (!this.cutZones.has(from) && !this.cutZones.has(to));
  }

  /** Whether a client reaches a zone. */
  isOpen(zone: string): boolean {
    return !this.cutZones.has(zone);
  }

  has(zone: string): boolean {
    return this.launches && !this.cutZones.has(zone);
  }

  heal(): void {
    this.cutZones.clear();
    this.cutRegions.clear();
    this.launches = true;
  }
}
