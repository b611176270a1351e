/** An error of an AWS service whose own words are as short as "Access Denied", as part of a sentence; any other as it is. */
export function ofService(service: string, error: Error): Error {
  return "$metadata" in error
    ? new Error(
        `${service} answers ${error.name}: ${error.message}; what is copied stays, and the same command goes on with it`,
      )
    : error;
}
