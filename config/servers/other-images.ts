import type { ServerName } from "./presets";

/** Images that by their name do not serve as the preset of their server says. */
export interface OtherImage {
  readonly image: RegExp;
  /** The servers whose preset does not apply. Default: all. */
  readonly servers?: readonly ServerName[];
  /** What they do. */
  readonly what: string;
  /** Another image, with which the preset applies, by the server; undefined where there is none. */
  readonly instead: Partial<Readonly<Record<ServerName, string>>>;
  /** The fields with which they are served as they are. */
  readonly asCustom?: string;
  readonly source: string;
}

const IMAGES: Partial<Readonly<Record<ServerName, string>>> = {
  vllm: "vllm/vllm-openai",
  sglang: "lmsysorg/sglang",
  tgi: "ghcr.io/huggingface/text-generation-inference",
  tei: "ghcr.io/huggingface/text-embeddings-inference",
};

const AT_SAGEMAKER = "server: custom, port: 8080, health: { path: /ping } and publicPaths: [/invocations]";

/** The first that matches tells more than those after it. */
const OTHER_IMAGES: readonly OtherImage[] = [
  {
    image: /(?:^|\/)djl-(?:inference|serving)[:@]/,
    what: "is DJL Serving, for SageMaker: it listens at port 8080, answers /ping and /invocations, and reads HF_MODEL_ID and OPTION_… variables instead of arguments",
    instead: IMAGES,
    asCustom: AT_SAGEMAKER,
    source: "DJL docs, Large Model Inference: container and model configurations",
  },
  {
    image: /(?:^|\/)huggingface-pytorch-(?:tgi-)?inference[\w-]*[:@]|(?:^|\/)tei(?:-cpu)?:[\w.-]*tei\d/,
    what: "is made for SageMaker: it listens at port 8080, and takes its model from HF_MODEL_ID and no arguments",
    instead: IMAGES,
    asCustom: AT_SAGEMAKER,
    source:
      "Text Generation Inference and Text Embeddings Inference, sagemaker-entrypoint.sh; Hugging Face docs, Deep Learning Containers on AWS",
  },
  {
    image: /sagemaker|(?:^|\/)huggingface-(?:vllm|sglang)[\w-]*[:@]/,
    what: "is made for SageMaker: it listens at port 8080, answers /ping and /invocations, and reads SM_… variables, such as SM_VLLM_MODEL, instead of arguments",
    instead: {
      ...IMAGES,
      vllm: "public.ecr.aws/deep-learning-containers/vllm:server-cuda-… or vllm/vllm-openai",
      sglang: "public.ecr.aws/deep-learning-containers/sglang:server-cuda-… or lmsysorg/sglang",
    },
    asCustom: AT_SAGEMAKER,
    source: "AWS Deep Learning Containers docs, vLLM and SGLang: Configuration, SageMaker",
  },
  {
    image: /(?:^|\/)vllm:omni-|(?:^|\/)vllm-omni[:@]/,
    servers: ["vllm"],
    what: "is vLLM-Omni, for images, videos and speech: it has other paths than vLLM",
    instead: IMAGES,
    asCustom:
      "server: custom with the port at which it listens (8080 in AWS's image), health: { path: /health } and a probe",
    source:
      "AWS Deep Learning Containers docs, vLLM-Omni: Configuration; vLLM-Omni docs, Image Generation API",
  },
  {
    image: /llama\.cpp:light(?:-|$)/,
    servers: ["llama.cpp"],
    what: "has llama-cli alone, which is no server",
    instead: { "llama.cpp": "ghcr.io/ggml-org/llama.cpp:server-cuda-b10573" },
    source: "llama.cpp docs/docker.md: light, full and server images",
  },
];

/** An image that by its name does not serve as the preset of this server says; undefined for all others. */
export function otherImage(server: ServerName, image: string): OtherImage | undefined {
  return server === "custom"
    ? undefined
    : OTHER_IMAGES.find((each) => each.image.test(image) && (each.servers?.includes(server) ?? true));
}
