import { type AgentFile, agentFindings } from "../../testing/grammars/cloudwatch-agent/check";
import { FakeInstance } from "./instance";

const FILES: readonly AgentFile[] = ["cloudwatch-agent.json", "server-metrics.json", "prometheus.json"];

/**
 * Writes the configuration of the CloudWatch agent as an instance does.
 *
 * @param facts the facts of the instance as its scripts read them
 * @returns what is wrong with each file that it wrote
 */
export function wrongConfigurations(facts: string): Readonly<Record<string, readonly string[]>> {
  const instance = new FakeInstance();
  instance.file("instance.sh", facts);
  instance.fake("agent").fake("systemctl");
  instance.set("AGENT", instance.path("agent")).set("CONFIGURATION", instance.path("."));
  const { status, stderr } = instance.run("cloudwatch-agent.sh");
  const written = FILES.filter((file) => instance.has(file)).map(
    (file) => [file, agentFindings(file, instance.read(file))] as const,
  );
  instance.remove();
  if (status !== 0 || stderr !== "") {
    throw new Error(`cloudwatch-agent.sh ended with ${status}: ${stderr}`);
  }
  return Object.fromEntries(written);
}
