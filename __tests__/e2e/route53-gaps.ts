import { changed, type RecordChange, refusalOf, type ZoneRecord } from "./hosted-zone";
import type { Gap } from "./moto-gaps";

/**
 * What moto 5.2 does otherwise than Route 53, and what makes up for it.
 *
 * @param recordChanged is called with each change of a hosted zone, before moto gets it
 */
export function route53Gaps(recordChanged: (change: RecordChange) => void): readonly Gap[] {
  return [recordsOfOneIdentifier(recordChanged), forgottenHealthChecks()];
}

/**
 * It deletes all records of a set identifier, whatever their names and types, and accepts what Route 53
 * refuses: a record that is there, records of two kinds under one name, an alias of a name that is not there yet.
 * Here identifiers are made different on the way in and read as they were on the way out, and what is refused is.
 *
 * Of two changes at the same time moto may lose one, since each writes the list of records anew. Route 53 makes the changes
 * of a hosted zone one after the other (API reference, ChangeResourceRecordSets, PriorRequestNotComplete). So does this.
 *
 * The answer leaves out the state of the change, so the provider does not wait: moto has every change everywhere at
 * once, and the provider would wait for half a minute with each record.
 */
function recordsOfOneIdentifier(recordChanged: (change: RecordChange) => void): Gap {
  let records: readonly ZoneRecord[] = [];
  return {
    actions: ["ChangeResourceRecordSets", "ListResourceRecordSets"],
    inTurn: true,
    before: (call) => {
      const changes = recordChangesIn(call.body);
      let after = records;
      for (const change of changes) {
        const refusal = refusalOf(after, change, call.resource);
        if (refusal !== undefined) {
          return refused("InvalidChangeBatch", refusal);
        }
        after = changed(after, change);
      }
      records = after;
      for (const change of changes) {
        recordChanged(change);
      }
      call.body = call.body.replace(/<Change>.*?<\/Change>/gs, (change) => {
        const apart = `|${plain(textOf(change, "Name"))}|${textOf(change, "Type")}`;
        return change
          .replace("</SetIdentifier>", `${apart}</SetIdentifier>`)
          .replace("<Action>CREATE<", "<Action>UPSERT<");
      });
      return undefined;
    },
    after: (_, answer) =>
      answer
        .replace(/<SetIdentifier>([^<|]*)\|[^<]*/g, "<SetIdentifier>$1")
        .replace(/<ChangeInfo>.*<\/ChangeInfo>/s, ""),
  };
}

/**
 * It forgets the alarm of a health check, makes up what a check of that kind does not have, and with every update
 * forgets children and regions. Here a check is answered as it was created, with the fields of updates.
 */
function forgottenHealthChecks(): Gap {
  const configs = new Map<string, ReadonlyMap<string, string>>();
  return {
    actions: ["CreateHealthCheck", "UpdateHealthCheck", "GetHealthCheck", "ListHealthChecks"],
    after: ({ action, resource, body }, answer) => {
      const id = action === "CreateHealthCheck" ? (textOf(answer, "Id") ?? "") : resource;
      if (action === "CreateHealthCheck" || action === "UpdateHealthCheck") {
        const named = elementsIn(textOf(body, "HealthCheckConfig") ?? textOf(body, `${action}Request`) ?? "");
        configs.set(id, new Map([...(configs.get(id) ?? []), ...named]));
      }
      return answer.replace(/<HealthCheck>.*?<\/HealthCheck>/gs, (check) => {
        const config = configs.get(textOf(check, "Id") ?? "");
        if (config === undefined) {
          return check;
        }
        const fields = [...config].map(([name, value]) => `<${name}>${value}</${name}>`).join("");
        return check.replace(
          /<HealthCheckConfig>.*<\/HealthCheckConfig>/s,
          `<HealthCheckConfig>${fields}</HealthCheckConfig>`,
        );
      });
    },
  };
}

/** The changes in the XML of a ChangeResourceRecordSets. */
function recordChangesIn(xml: string): readonly RecordChange[] {
  return [...xml.matchAll(/<Change>(.*?)<\/Change>/gs)].map(([, change = ""]) => {
    const alias = textOf(change, "AliasTarget");
    return {
      action: textOf(change, "Action") ?? "",
      record: {
        name: plain(textOf(change, "Name")),
        type: textOf(change, "Type") ?? "",
        identifier: textOf(change, "SetIdentifier"),
        chosenBy: ["Region", "Weight", "Failover"].find((choice) => textOf(change, choice) !== undefined),
        alias:
          alias === undefined
            ? undefined
            : { name: plain(textOf(alias, "DNSName")), zoneId: textOf(alias, "HostedZoneId") ?? "" },
      },
    };
  });
}

function refused(code: string, message: string) {
  return {
    status: 400,
    text: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>refused</RequestId></ErrorResponse>`,
  };
}

/** What is within an element; the first of that name. */
function textOf(xml: string, element: string): string | undefined {
  return new RegExp(`<${element}(?: [^>]*)?>(.*?)</${element}>`, "s").exec(xml)?.[1];
}

/** The elements next within an element, by name. */
function elementsIn(xml: string): ReadonlyMap<string, string> {
  return new Map(
    [...xml.matchAll(/<(\w+)(?: [^>]*)?>(.*?)<\/\1>/gs)].map(([, name = "", text = ""]) => [name, text]),
  );
}

/** A name of DNS without the dot at its end. */
function plain(name = ""): string {
  return name.replace(/\.$/, "").toLowerCase();
}
