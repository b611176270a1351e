/** A record of Route 53, with the fields that decide the target of a name. */
export interface ZoneRecord {
  /** In lower case, without the dot at its end. */
  readonly name: string;
  readonly type: string;
  /** Distinguishes records of one name and type. */
  readonly identifier?: string;
  /** What chooses among several records of a name and type; nothing, if it is the only one. */
  readonly chosenBy?: string;
  /** For an alias, the name that it points to, and the zone of that. */
  readonly alias?: { readonly name: string; readonly zoneId: string };
}

/** One change of a hosted zone. */
export interface RecordChange {
  readonly action: string;
  readonly record: ZoneRecord;
}

/** A hosted zone after a change. */
export function changed(
  records: readonly ZoneRecord[],
  { action, record }: RecordChange,
): readonly ZoneRecord[] {
  const others = records.filter((each) => keyOf(each) !== keyOf(record));
  return action === "DELETE" ? others : [...others, record];
}

/**
 * Why Route 53 would refuse a change, in its own words; nothing, when it would not.
 *
 * @param zoneId of the hosted zone
 */
export function refusalOf(
  records: readonly ZoneRecord[],
  { action, record }: RecordChange,
  zoneId: string,
): string | undefined {
  const { name, type, identifier, chosenBy, alias } = record;
  const others = records.filter((each) => keyOf(each) !== keyOf(record));
  const set = `name='${name}.', type='${type}'${identifier === undefined ? "" : `, set identifier='${identifier}'`}`;
  if (action === "DELETE") {
    return others.length < records.length
      ? undefined
      : `Tried to delete resource record set [${set}] but it was not found`;
  }
  if (action === "CREATE" && others.length < records.length) {
    return `Tried to create resource record set [${set}] but it already exists`;
  }
  if (others.some((each) => isOf(name, type)(each) && each.chosenBy !== chosenBy)) {
    return `RRSet [${set}] cannot be created as other RRSets exist with the same name and type.`;
  }
  if (alias?.zoneId === zoneId && !others.some(isOf(alias.name, type))) {
    return `Tried to create an alias that targets ${alias.name}., type ${type} in zone ${zoneId}, but that target was not found`;
  }
  return undefined;
}

/**
 * The final targets of a name outside of the zone, by all of its records, sorted.
 *
 * @throws Error when its records form a circle
 */
export function endsOf(
  records: readonly ZoneRecord[],
  name: string,
  type: string,
  passed: readonly string[] = [],
): readonly string[] {
  if (passed.includes(name)) {
    throw new Error(`${[...passed, name].join(" → ")} is a circle`);
  }
  const ends = records.filter(isOf(name, type)).flatMap(({ alias }) => {
    if (alias === undefined) {
      return [];
    }
    const isInZone = records.some((each) => each.name === alias.name);
    return isInZone ? endsOf(records, alias.name, type, [...passed, name]) : [alias.name];
  });
  return [...new Set(ends)].sort();
}

/**
 * The targets of a name after each of some changes: the ends of its A and its AAAA records.
 *
 * @param changes all changes of the zone
 * @param since number of changes to leave out of the result, at the beginning
 */
export function waysOf(
  changes: readonly RecordChange[],
  since: number,
  name: string,
): readonly (readonly (readonly string[])[])[] {
  let records: readonly ZoneRecord[] = [];
  return changes
    .map((change) => {
      records = changed(records, change);
      return ["A", "AAAA"].map((type) => endsOf(records, name, type));
    })
    .slice(since);
}

function isOf(name: string, type: string): (record: ZoneRecord) => boolean {
  return (record) => record.name === name && record.type === type;
}

/** The key of a record, which is unique in a zone. */
function keyOf({ name, type, identifier = "" }: ZoneRecord): string {
  return [name, type, identifier].join(" ");
}
