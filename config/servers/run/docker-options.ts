/**
 * Options of `docker run`, by their long names. Source: Docker docs, CLI reference, `docker container run`; the last
 * ones are Podman's (podman-run(1)).
 */

/** Options without a value. */
export const FLAGS: readonly string[] = [
  ...["detach", "disable-content-trust", "help", "init", "interactive", "no-healthcheck"],
  ...["oom-kill-disable", "privileged", "publish-all", "quiet", "read-only", "rm", "sig-proxy", "tty"],
  ...["use-api-socket", "replace", "tls-verify"],
];

/** Options with a value. */
export const VALUES: readonly string[] = [
  ...["add-host", "annotation", "attach", "blkio-weight", "blkio-weight-device", "cap-add", "cap-drop"],
  ...["cgroup-parent", "cgroupns", "cidfile", "cpu-count", "cpu-percent", "cpu-period", "cpu-quota"],
  ...["cpu-rt-period", "cpu-rt-runtime", "cpu-shares", "cpus", "cpuset-cpus", "cpuset-mems", "detach-keys"],
  ...["device", "device-cgroup-rule", "device-read-bps", "device-read-iops", "device-write-bps"],
  ...["device-write-iops", "dns", "dns-option", "dns-search", "domainname", "entrypoint", "env", "env-file"],
  ...["expose", "gpus", "group-add", "health-cmd", "health-interval", "health-retries"],
  ...["health-start-interval", "health-start-period", "health-timeout", "hostname", "io-maxbandwidth"],
  ...["io-maxiops", "ip", "ip6", "ipc", "isolation", "kernel-memory", "label", "label-file", "link"],
  ...["link-local-ip", "log-driver", "log-opt", "mac-address", "memory", "memory-reservation", "memory-swap"],
  ...["memory-swappiness", "mount", "name", "network", "network-alias", "oom-score-adj", "pid", "pids-limit"],
  ...["platform", "publish", "pull", "restart", "runtime", "security-opt", "shm-size", "stop-signal"],
  ...["stop-timeout", "storage-opt", "sysctl", "tmpfs", "ulimit", "user", "userns", "uts", "volume"],
  ...["volume-driver", "volumes-from", "workdir", "hooks-dir", "pod"],
];

/** Other names of long options. */
export const ALIASES: Readonly<Record<string, string>> = {
  net: "network",
  "net-alias": "network-alias",
  "dns-opt": "dns-option",
};

/** Options of one letter. */
export const LETTERS: Readonly<Record<string, string>> = {
  a: "attach",
  c: "cpu-shares",
  d: "detach",
  e: "env",
  h: "hostname",
  i: "interactive",
  l: "label",
  m: "memory",
  P: "publish-all",
  p: "publish",
  q: "quiet",
  t: "tty",
  u: "user",
  v: "volume",
  w: "workdir",
};

/** What the instance decides by itself, whatever the line has. */
export const DECIDED_BY_INSTANCE: readonly string[] = [
  ...["attach", "cidfile", "detach", "detach-keys", "disable-content-trust", "expose", "help"],
  ...["health-cmd", "health-interval", "health-retries", "health-start-interval", "health-start-period"],
  ...["health-timeout", "init", "interactive", "label", "label-file", "log-driver", "log-opt", "name"],
  ...["no-healthcheck", "platform", "publish-all", "pull", "quiet", "replace", "restart", "rm", "sig-proxy"],
  ...["stop-timeout", "tls-verify", "tty"],
];

/** An option as a line has it. */
export interface WrittenOption {
  /** Its long name, without hyphens. */
  readonly name: string;
  /** Empty for an option without a value. */
  readonly value: string;
}

/** The options at the beginning of the words after `docker run`, and the rest; or the option that is unknown. */
export type Options =
  | { readonly options: readonly WrittenOption[]; readonly rest: readonly string[]; readonly unknown?: never }
  | { readonly unknown: string };

/** Reads options as Docker's command line does: `--name value`, `--name=value`, `-itp 80:80`, up to the first other word. */
export function readOptions(words: readonly string[]): Options {
  const options: WrittenOption[] = [];
  let index = 0;
  const valueAfter = () => {
    index += 1;
    return words[index] ?? "";
  };
  for (; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "--" || !word.startsWith("-") || word === "-") {
      return { options, rest: words.slice(word === "--" ? index + 1 : index) };
    }
    if (word.startsWith("--")) {
      const [, written = "", given] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
      const name = ALIASES[written] ?? written;
      if (FLAGS.includes(name)) {
        options.push(...(given === "false" ? [] : [{ name, value: "" }]));
      } else if (VALUES.includes(name)) {
        options.push({ name, value: given ?? valueAfter() });
      } else {
        return { unknown: `--${written}` };
      }
      continue;
    }
    for (let place = 1; place < word.length; place += 1) {
      const name = LETTERS[word[place] ?? ""];
      if (name === undefined) {
        return { unknown: `-${word[place]}` };
      }
      if (FLAGS.includes(name)) {
        options.push({ name, value: "" });
        continue;
      }
      const attached = word.slice(place + 1).replace(/^=/, "");
      options.push({ name, value: place + 1 < word.length ? attached : valueAfter() });
      break;
    }
  }
  return { options, rest: [] };
}
