import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { freePort } from "../../local/free-port";

/** A way to the target, at work. */
export interface Way {
  readonly name: string;
  /** 0: there is no load balancer. */
  readonly rules: number;
  readonly port: number;
  /** The one process that does its work; `undefined`: none. */
  readonly pid: number | undefined;
  readonly end: () => void;
}

/** Other load balancers, and how each is told to say its version. */
export const PEERS = { haproxy: "-v", nginx: "-v" } as const;

/** Whether a program is installed. */
export function isInstalled(peer: keyof typeof PEERS): boolean {
  return spawnSync(peer, [PEERS[peer]]).status === 0;
}

/** The path that only the last of so many rules leads on. */
export function pathOf(rules: number): string {
  return `/p${Math.max(1, rules) - 1}/v1/chat/completions`;
}

/** The target itself. */
export async function directWay(root: string): Promise<Way> {
  const port = await freePort();
  const child = spawn("node", ["run.cjs", "bench/local/target.ts", String(port)], { cwd: root });
  await answers(port);
  return { name: "direct", rules: 0, port, pid: undefined, end: () => child.kill() };
}

/** A load balancer of the local run with so many rules, and one instance. The instance is a target of its own. */
export async function localWay(root: string, folder: string, rules: number): Promise<Way> {
  const stacks = path.join(folder, `stacks-${rules}`);
  mkdirSync(path.join(stacks, "stacks/bench"), { recursive: true });
  writeFileSync(
    path.join(stacks, "stacks/bench/cdk.tf.json"),
    JSON.stringify({ resource: stackWith(rules) }),
  );
  const server = "node run.cjs bench/local/target.ts {port}";
  const port = await freePort();
  const args = [
    "run.cjs",
    "scripts/local.ts",
    "--stacks",
    stacks,
    "--server",
    server,
    "--port",
    String(port),
  ];
  const child = spawn("node", args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const said = await printed(child, "Started in");
  const [, opened] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said) ?? [];
  child.stdout?.resume();
  return {
    name: "npm run local",
    rules,
    port: Number(opened),
    pid: child.pid,
    end: () => child.kill("SIGINT"),
  };
}

/** HAProxy on one thread. The rules are tried in their order. */
export async function haproxyWay(folder: string, rules: number, target: number): Promise<Way> {
  const port = await freePort();
  const file = path.join(folder, `haproxy-${rules}.cfg`);
  const uses = each(rules, (at) => `  use_backend targets if { path_beg /p${at}/ }`);
  writeFileSync(
    file,
    `global
  nbthread 1
defaults
  mode http
  timeout connect 10s
  timeout client 60s
  timeout server 60s
  option forwardfor
  http-reuse always
frontend entry
  bind 127.0.0.1:${port}
${uses.join("\n")}
  default_backend none
backend targets
  server target 127.0.0.1:${target}
backend none
  http-request deny
`,
  );
  const child = spawn("haproxy", ["-db", "-f", file], { stdio: ["ignore", "ignore", "inherit"] });
  await answers(port);
  return { name: "haproxy", rules, port, pid: child.pid, end: () => child.kill() };
}

/** nginx with one process. It finds the rule in a tree, and tries none. */
export async function nginxWay(folder: string, rules: number, target: number): Promise<Way> {
  const port = await freePort();
  const prefix = path.join(folder, `nginx-${rules}`);
  mkdirSync(prefix);
  const locations = each(rules, (at) => `    location /p${at}/ { proxy_pass http://targets; }`);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `  ${kind}_temp_path ${prefix}/${kind};`,
  );
  const file = path.join(prefix, "nginx.conf");
  writeFileSync(
    file,
    `daemon off;
master_process off;
pid ${prefix}/pid;
error_log stderr;
events { worker_connections 1024; }
http {
  access_log off;
${temporary.join("\n")}
  keepalive_requests 1000000000;
  upstream targets { server 127.0.0.1:${target}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    proxy_http_version 1.1;
    proxy_buffering off;
    proxy_set_header Connection "";
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
${locations.join("\n")}
  }
}
`,
  );
  const child = spawn("nginx", ["-e", "stderr", "-c", file, "-p", prefix], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await answers(port);
  return { name: "nginx", rules, port, pid: child.pid, end: () => child.kill() };
}

function stackWith(rules: number): object {
  const forward = { type: "forward", target_group_arn: `\${aws_lb_target_group.own.arn}` };
  return {
    aws_lb: { own: { subnets: ["subnet-1"] } },
    aws_lb_listener: {
      own: {
        load_balancer_arn: `\${aws_lb.own.arn}`,
        default_action: {
          type: "fixed-response",
          fixed_response: { status_code: "404", content_type: "text/plain" },
        },
      },
    },
    aws_lb_listener_rule: Object.fromEntries(
      each(rules, (at) => [
        `p${at}`,
        {
          listener_arn: `\${aws_lb_listener.own.arn}`,
          priority: at + 1,
          condition: [{ path_pattern: { values: [`/p${at}/*`] } }],
          action: [forward],
        },
      ]),
    ),
    aws_lb_target_group: { own: { health_check: { path: "/health" } } },
    aws_autoscaling_group: {
      own: {
        min_size: 1,
        max_size: 1,
        vpc_zone_identifier: ["subnet-1"],
        target_group_arns: [`\${aws_lb_target_group.own.arn}`],
      },
    },
  };
}

function each<T>(count: number, of: (at: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, at) => of(at));
}

/** Waits until something listens. */
async function answers(port: number): Promise<void> {
  const isOpen = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
  for (let tries = 0; !(await isOpen()); tries += 1) {
    if (tries > 500) {
      throw new Error(`nothing listens at port ${port}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until a program prints a text. @returns all that it has printed */
function printed(child: ChildProcess, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout?.on("data", (chunk) => {
      said += chunk;
      if (said.includes(text)) {
        resolve(said);
      }
    });
    child.on("close", () => reject(new Error(`it ended before it printed "${text}"`)));
  });
}
