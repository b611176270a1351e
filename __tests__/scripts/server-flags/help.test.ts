import { flagsInHelp } from "../../../scripts/server-flags/help";

/*
 * Texts in the form in which each parser prints its help: vLLM and SGLang by Python's argparse, TGI and TEI by clap,
 * llama.cpp by common/arg.cpp, Triton by command_line_parser.cc.
 */
test("argparse, as vLLM prints it", () => {
  const help = `usage: vllm serve [model_tag] [options]

positional arguments:
  model_tag             The model to serve

options:
  --api-key API_KEY [API_KEY ...]
                        One of these keys has to be presented. See also
                        --allowed-origins, which is another matter.
  --block-size {8,16,32}
                        Size of a block.
  --enable-expert-parallel, --no-enable-expert-parallel, -ep
                        Use experts. (default: False)
  --headless            Run without a server.
  --hf-token [HF_TOKEN]
                        The token.
  --nnodes NNODES, -n NNODES
                        Nodes.
  --node-rank NODE_RANK, -r NODE_RANK
  -h, --help            show this help message and exit
`;
  expect(flagsInHelp(help)).toEqual({
    "--api-key": { kind: "values" },
    "--block-size": { kind: "value" },
    "--enable-expert-parallel": { kind: "bool" },
    "-ep": { of: "--enable-expert-parallel" },
    "--headless": { kind: "flag" },
    "--hf-token": { kind: "optional" },
    "--nnodes": { kind: "value" },
    "-n": { of: "--nnodes" },
    "--node-rank": { kind: "value" },
    "-r": { of: "--node-rank" },
    "--help": { kind: "flag" },
    "-h": { of: "--help" },
  });
});

test("argparse of Python 3.13, as SGLang prints it", () => {
  const help = `usage: launch_server.py [-h] --model-path MODEL_PATH

options:
  --model-path, --model MODEL_PATH
                        The path of the model.
  --tensor-parallel-size, --tp-size TENSOR_PARALLEL_SIZE
  --cuda-graph-bs CUDA_GRAPH_BS [CUDA_GRAPH_BS ...]
`;
  expect(flagsInHelp(help)).toEqual({
    "--model-path": { kind: "value" },
    "--model": { of: "--model-path" },
    "--tensor-parallel-size": { kind: "value" },
    "--tp-size": { of: "--tensor-parallel-size" },
    "--cuda-graph-bs": { kind: "values" },
  });
});

test("clap, as TGI and TEI print it", () => {
  const help = `Text Generation Launcher

Usage: text-generation-launcher [OPTIONS]

Options:
      --model-id <MODEL_ID>
          The name of the model to load. Possible values:
          - a: one
          - --b: another
          
          [env: MODEL_ID=]
          [default: bigscience/bloom-560m]

      --trust-remote-code
          Whether to execute code

      --auto-truncate [<AUTO_TRUNCATE>]
          Truncate
          [possible values: true, false]

  -p, --port <PORT>
          The port to listen on
`;
  expect(flagsInHelp(help)).toEqual({
    "--model-id": { kind: "value" },
    "--trust-remote-code": { kind: "flag" },
    "--auto-truncate": { kind: "optional" },
    "--port": { kind: "value" },
    "-p": { of: "--port" },
  });
});

test("llama.cpp", () => {
  const help = `----- common params -----

-h,    --help, --usage                  print usage and exit
-t,    --threads N                      number of CPU threads to use during generation (default: -1)
                                        (env: LLAMA_ARG_THREADS)
-fa,   --flash-attn [on|off|auto]       set Flash Attention use
-kvo,  --kv-offload, -nkvo, --no-kv-offload
                                        whether to enable KV cache offloading (default: enabled)
--control-vector-layer-range START END  layer range
-ts,   --tensor-split N0,N1,N2,...      fraction of the model
--no-host                               bypass host buffer


----- example-specific params -----

-np,   --parallel N                     number of server slots
`;
  expect(flagsInHelp(help)).toEqual({
    "--help": { kind: "flag" },
    "-h": { of: "--help" },
    "--usage": { of: "--help" },
    "--threads": { kind: "value" },
    "-t": { of: "--threads" },
    "--flash-attn": { kind: "value" },
    "-fa": { of: "--flash-attn" },
    "--kv-offload": { kind: "bool" },
    "-kvo": { of: "--kv-offload" },
    "-nkvo": { of: "--kv-offload", negates: true },
    "--no-kv-offload": { of: "--kv-offload", negates: true },
    "--control-vector-layer-range": { kind: "value2" },
    "--tensor-split": { kind: "value" },
    "-ts": { of: "--tensor-split" },
    "--no-host": { kind: "flag" },
    "--parallel": { kind: "value" },
    "-np": { of: "--parallel" },
  });
});

test("Triton", () => {
  const help = `Usage: tritonserver [options]
  --help
	Print usage

Server:
  --exit-timeout-secs <integer>
	Timeout (in seconds) when exiting to wait for in-flight
	inferences to finish.
  --cuda-memory-pool-byte-size <<integer>:<integer>>
	The total byte size
`;
  expect(flagsInHelp(help)).toEqual({
    "--help": { kind: "flag" },
    "--exit-timeout-secs": { kind: "value" },
    "--cuda-memory-pool-byte-size": { kind: "value" },
  });
});
