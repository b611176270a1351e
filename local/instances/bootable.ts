import type { GroupModel } from "../../simulation/model";
import { unpackUserData } from "../../testing/user-data";
import { serverFacts } from "../model-server/facts";

/** What the user data names: the image, and folders of S3. */
export function factsOf({ instance }: GroupModel) {
  const facts = unpackUserData(instance.userData)?.facts ?? new Map<string, readonly string[]>();
  const folders = [...facts.values()].flat().filter((text) => /^s3:\/\/[^ ]+\/$/.test(text));
  return { facts, image: facts.get("IMAGE")?.[0] ?? "", folders: [...new Set(folders)] };
}

/** Why instances of a group cannot boot here, in words. */
export function whyNot(group: GroupModel): readonly string[] {
  const { facts, image } = factsOf(group);
  const { server } = serverFacts(group);
  const has = (name: string) => (facts.get(name) ?? []).some((text) => text !== "");
  return [
    ...(facts.size === 0 ? ["its user data is not that of this project"] : []),
    ...(facts.size > 0 && server !== "vllm"
      ? [`its server is ${server}; the stand-in in a container is of vllm alone`]
      : []),
    ...(/^[^/]*[.:][^/]*\//.test(image)
      ? [`its image is ${image}; the only registry here is Docker Hub`]
      : []),
    ...(has("SECRETS") ? ["it reads secrets, and there are none here"] : []),
    ...(has("WEIGHTS_SHA256") ? ["it pins the checksum of its weights, which are not here"] : []),
  ];
}
