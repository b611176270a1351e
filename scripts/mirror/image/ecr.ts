import {
  BatchCheckLayerAvailabilityCommand,
  CompleteLayerUploadCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from "@aws-sdk/client-ecr";
import type { Manifest } from "./source";

/** An upload of a blob that is not complete. */
export interface LayerUpload {
  readonly id: string;
  /** The most bytes of a part. */
  readonly partBytes: number;
}

/** A repository of Amazon ECR to push to. */
export interface EcrRepository {
  /** Its name in an image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/chat/vllm`. */
  readonly uri: string;
  /** Those of these blobs that it has. */
  blobs(digests: readonly string[]): Promise<ReadonlySet<string>>;
  begin(): Promise<LayerUpload>;
  /** Parts come in their order. @param start place of the first byte */
  putPart(upload: LayerUpload, start: number, bytes: Uint8Array): Promise<void>;
  complete(upload: LayerUpload, digest: string): Promise<void>;
  /** @param tag undefined: by its digest alone */
  putManifest(manifest: Manifest, tag: string | undefined): Promise<void>;
}

/** Most blobs that ECR is asked about at once. Source: ECR API, BatchCheckLayerAvailability. */
const ASKED_AT_ONCE = 100;

/**
 * The repository of a region, in the account of the credentials. ECR's own API takes parts, and tries each again by itself.
 *
 * @throws Error that says what to do, when there is no such repository, or it is not open to the credentials
 */
export async function openEcr(repositoryName: string, region: string): Promise<EcrRepository> {
  const ecr = new ECRClient({ region, retryMode: "adaptive", maxAttempts: 10 });
  const { repositories: [found] = [] } = await ecr
    .send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }))
    .catch((error: Error) => Promise.reject(ofEcr(error, repositoryName, region)));
  return {
    uri: found?.repositoryUri ?? "",
    async blobs(digests) {
      const there = new Set<string>();
      for (let first = 0; first < digests.length; first += ASKED_AT_ONCE) {
        const layerDigests = digests.slice(first, first + ASKED_AT_ONCE);
        const { layers = [] } = await ecr.send(
          new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }),
        );
        for (const { layerDigest, layerAvailability } of layers) {
          if (layerDigest !== undefined && layerAvailability === "AVAILABLE") {
            there.add(layerDigest);
          }
        }
      }
      return there;
    },
    async begin() {
      const { uploadId = "", partSize = 0 } = await ecr.send(
        new InitiateLayerUploadCommand({ repositoryName }),
      );
      return { id: uploadId, partBytes: partSize };
    },
    async putPart({ id }, start, bytes) {
      const place = { partFirstByte: start, partLastByte: start + bytes.length - 1 };
      await ecr.send(
        new UploadLayerPartCommand({ repositoryName, uploadId: id, ...place, layerPartBlob: bytes }),
      );
    },
    async complete({ id }, digest) {
      const command = new CompleteLayerUploadCommand({
        repositoryName,
        uploadId: id,
        layerDigests: [digest],
      });
      await unless("LayerAlreadyExistsException", ecr.send(command));
    },
    async putManifest({ bytes, digest, mediaType }, imageTag) {
      const image = {
        imageManifest: bytes.toString(),
        imageManifestMediaType: mediaType,
        imageDigest: digest,
      };
      await unless(
        "ImageAlreadyExistsException",
        ecr.send(new PutImageCommand({ repositoryName, ...image, imageTag })),
      );
    },
  };
}

/** What is there already need not be put. */
async function unless(name: string, sent: Promise<unknown>): Promise<void> {
  try {
    await sent;
  } catch (error) {
    if ((error as Error).name !== name) {
      throw error;
    }
  }
}

function ofEcr(error: Error, repository: string, region: string): Error {
  switch (error.name) {
    case "RepositoryNotFoundException":
      return new Error(
        `there is no repository ${repository} in ${region}: aws ecr create-repository --region ${region} --repository-name ${repository}, or name another one with --to`,
      );
    case "AccessDeniedException":
      return new Error(
        "the credentials may not push to Amazon ECR; they need ecr:DescribeRepositories, ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage",
      );
    case "CredentialsProviderError":
      return new Error("there are no AWS credentials; sign in, such as by aws sso login");
    default:
      return error;
  }
}
