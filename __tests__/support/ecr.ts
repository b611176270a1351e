import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { digestOf } from "./image-registry";
import { close, listen } from "./loopback";

/** A repository of the stand-in. */
interface Repository {
  readonly blobs: Map<string, Buffer>;
  /** By digest. */
  readonly images: Map<
    string,
    { readonly manifest: string; readonly mediaType: string; readonly tags: Set<string> }
  >;
}

/** A stand-in for Amazon ECR's own API, as strict as that (ECR API reference; here with smaller parts). */
export interface StandInEcr {
  readonly endpoint: string;
  readonly repositories: Record<string, Repository>;
  /** Parts that came, as `repository first-last`. */
  readonly parts: string[];
  /** How many parts it takes; the next is refused. */
  taken: number;
  stop(): Promise<void>;
}

export const PART_BYTES = 1000;

type Body = Readonly<Record<string, unknown>>;

export async function startEcr(): Promise<StandInEcr> {
  const uploads = new Map<string, Buffer[]>();
  const server = createServer(async (request, response) => {
    const operation = String(request.headers["x-amz-target"]).replace(
      "AmazonEC2ContainerRegistry_V20150921.",
      "",
    );
    const region = /\/(\w+-\w+-\d)\/ecr\/aws4_request/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    answer(operation, JSON.parse(await text(request)) as Body, region, response);
  });
  const endpoint = await listen(server);
  const ecr: StandInEcr = {
    ...{ endpoint, repositories: {}, parts: [], taken: Number.POSITIVE_INFINITY },
    stop: () => close(server),
  };

  function refuse(response: ServerResponse, type: string): void {
    response
      .writeHead(400, { "content-type": "application/x-amz-json-1.1" })
      .end(JSON.stringify({ __type: type, message: type }));
  }

  function answer(operation: string, body: Body, region: string, response: ServerResponse): void {
    const names = (body.repositoryNames as string[] | undefined) ?? [String(body.repositoryName)];
    const repository = ecr.repositories[`${region}/${names[0]}`];
    if (repository === undefined) {
      refuse(response, "RepositoryNotFoundException");
      return;
    }
    const send = (value: unknown) =>
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(value));
    const upload = uploads.get(String(body.uploadId)) ?? [];
    const received = upload.reduce((sum, { length }) => sum + length, 0);
    switch (operation) {
      case "DescribeRepositories":
        send({
          repositories: [
            {
              repositoryUri: `123456789012.dkr.ecr.${region}.amazonaws.com/${names[0]}`,
              repositoryName: names[0],
            },
          ],
        });
        return;
      case "BatchCheckLayerAvailability":
        send({
          layers: (body.layerDigests as string[]).map((layerDigest) => ({
            layerDigest,
            layerAvailability: repository.blobs.has(layerDigest) ? "AVAILABLE" : "UNAVAILABLE",
          })),
        });
        return;
      case "InitiateLayerUpload": {
        const uploadId = `upload-${uploads.size}`;
        uploads.set(uploadId, []);
        send({ uploadId, partSize: PART_BYTES });
        return;
      }
      case "UploadLayerPart": {
        const bytes = Buffer.from(String(body.layerPartBlob), "base64");
        const isNext = body.partFirstByte === received && body.partLastByte === received + bytes.length - 1;
        const isShort = upload.some(({ length }) => length < PART_BYTES);
        if (!isNext || isShort || bytes.length > PART_BYTES) {
          refuse(response, "InvalidLayerPartException");
        } else if (ecr.taken <= 0) {
          refuse(response, "AccessDeniedException");
        } else {
          ecr.taken -= 1;
          upload.push(bytes);
          ecr.parts.push(`${names[0]} ${body.partFirstByte}-${body.partLastByte}`);
          send({});
        }
        return;
      }
      case "CompleteLayerUpload": {
        const bytes = Buffer.concat(upload);
        const [digest = ""] = body.layerDigests as string[];
        if (bytes.length === 0 || digestOf(bytes) !== digest) {
          refuse(response, bytes.length === 0 ? "EmptyUploadException" : "InvalidLayerException");
        } else if (repository.blobs.has(digest)) {
          refuse(response, "LayerAlreadyExistsException");
        } else {
          repository.blobs.set(digest, bytes);
          send({ layerDigest: digest });
        }
        return;
      }
      case "PutImage":
        putImage(repository, body, response);
        return;
      default:
        refuse(response, "UnknownOperationException");
    }
  }

  function putImage(repository: Repository, body: Body, response: ServerResponse): void {
    const manifest = String(body.imageManifest);
    const digest = digestOf(Buffer.from(manifest));
    const { config, layers } = JSON.parse(manifest) as {
      config: { digest: string };
      layers: { digest: string }[];
    };
    const image = repository.images.get(digest);
    const tag = body.imageTag as string | undefined;
    if (body.imageDigest !== digest) {
      refuse(response, "ImageDigestDoesNotMatchException");
    } else if ([config, ...layers].some((blob) => !repository.blobs.has(blob.digest))) {
      refuse(response, "LayersNotFoundException");
    } else if (image !== undefined && (tag === undefined || image.tags.has(tag))) {
      refuse(response, "ImageAlreadyExistsException");
    } else {
      const tags = new Set([...(image?.tags ?? []), ...(tag === undefined ? [] : [tag])]);
      repository.images.set(digest, { manifest, mediaType: String(body.imageManifestMediaType), tags });
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end("{}");
    }
  }
  return ecr;
}
