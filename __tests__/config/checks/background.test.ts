import { server, testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
const SCRIPT = "python3, /app/scripts/launch_triton_server.py";
const told = (place: string, written: string) =>
  `error  models.llama.${place}  server-in-background  launch_triton_server.py starts tritonserver in the background and ends, and the container with it; write what it starts${written}`;
const RANK = (rank: number, repository: string, models = "") =>
  `"-n", "1", tritonserver, "--model-repository=${repository}", ${models}"--disable-auto-complete-config", "--backend-config=python,shm-region-prefix-name=prefix${rank}_"`;
const plain = (words: string) => words.replace(/"(-n|--[a-z-]+)"/g, "$1").replace(/"(\/[\w/]+)"/g, "$1");

describe("a server in the background", () => {
  testRules([
    {
      name: "is that of Triton's own script",
      changes: [
        server("triton"),
        with_(`probe: health\n    command: ▸[${SCRIPT}, --world_size, '2', --model_repo=/models/repo]`),
      ],
      expected: [
        told(
          "command",
          plain(
            `, command: [mpirun, --allow-run-as-root, ${RANK(0, "/models/repo")}, ":", ${RANK(1, "/models/repo", '"--model-control-mode=explicit", "--load-model=tensorrt_llm", ')}]`,
          ),
        ),
      ],
    },
    {
      name: "is that of Triton's own script, as arguments",
      changes: [server("triton"), with_(`probe: health\n    arguments: [▸${SCRIPT}]`)],
      expected: [
        told("arguments[0]", plain(`, arguments: [mpirun, --allow-run-as-root, ${RANK(0, "/models")}]`)),
      ],
    },
    {
      name: "is what the shell leaves there",
      changes: [with_(`command: [bash, -c, ▸"vllm serve /models --served-model-name llama &"]`)],
      expected: [
        "error  models.llama.command[2]  server-in-background  the line of the shell ends with &, which starts its last command in the background: the shell ends, and the container with it; remove the &",
      ],
    },
    {
      name: "is that of Triton's own script in a shell that waits: its signals do not reach the server",
      changes: [
        server("triton"),
        with_(
          `probe: health\n    command: ▸[bash, -c, "${SCRIPT.replace(",", "")} --model_repo /models && sleep infinity"]`,
        ),
      ],
      expected: ["error  models.llama.command  server-in-background"],
    },
    {
      name: "is none where the shell goes on, or the sign is a word's",
      changes: [
        server("triton"),
        with_(`probe: health\n    command: [bash, -c, "sleep 1 & tritonserver --model-repository=/models"]`),
      ],
      expected: [],
    },
    {
      name: "is none where Triton is started as its script does",
      changes: [
        server("triton"),
        with_(
          `probe: health\n    command: [mpirun, --allow-run-as-root, ${RANK(0, "/models")}, ":", ${RANK(1, "/models", '"--model-control-mode=explicit", "--load-model=tensorrt_llm", ')}]`,
        ),
      ],
      expected: [],
    },
  ]);
});
