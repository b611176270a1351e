/** Folder of the weights from S3 in the container. */
export const WEIGHTS_DIRECTORY = "/models";

/** Folder of the adapters from S3 in the container; each is in a folder of its name. */
export const ADAPTERS_DIRECTORY = "/adapters";
