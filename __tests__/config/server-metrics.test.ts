import { presetOf } from "../../config/server-start";
import { serverPresets } from "../../config/servers";

/** Gauges by the documents of each server, the one that counts waiting requests first. */
describe("what CloudWatch hears of a server", () => {
  it.each([
    // vLLM docs, Production Metrics.
    ["vllm", 8000, ["vllm:num_requests_waiting", "vllm:num_requests_running", "vllm:kv_cache_usage_perc"]],
    // SGLang docs, Production Metrics.
    ["sglang", 30000, ["sglang:num_queue_reqs", "sglang:num_running_reqs", "sglang:token_usage"]],
    // Text Generation Inference docs, Metrics.
    ["tgi", 80, ["tgi_queue_size", "tgi_batch_current_size"]],
    // Triton Inference Server docs, Metrics.
    ["triton", 8002, ["nv_inference_pending_request_count"]],
    // NVIDIA NIM for LLMs docs, Observability.
    ["nim", 8000, ["num_requests_waiting", "num_requests_running", "gpu_cache_usage_perc"]],
    // llama.cpp tools/server README.
    ["llama.cpp", 8080, ["llamacpp:requests_deferred", "llamacpp:requests_processing"]],
    // Ray Serve docs, Monitoring.
    ["ray-serve", 8080, ["ray_serve_deployment_queued_queries", "ray_serve_replica_processing_queries"]],
  ] as const)("is, of %s, how much it has to do", (server, port, gauges) => {
    expect(presetOf(server)?.metrics).toMatchObject({ port, gauges, waiting: gauges[0] });
  });

  it("is nothing of one that counts nothing", () => {
    const silent = Object.keys(serverPresets).filter(
      (server) => presetOf(server as keyof typeof serverPresets)?.metrics === undefined,
    );
    expect(silent).toEqual(["ollama"]);
  });
});
