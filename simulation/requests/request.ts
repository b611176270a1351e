/** What of a request decides where it goes. */
export interface RequestFacts {
  readonly method: string;
  /** Of the Host header, without a port. */
  readonly host: string;
  /** As the client wrote it: nothing is decoded. */
  readonly path: string;
  /** As the client wrote it, without `?`. */
  readonly query: string;
  /** By name in lower case; several of one name with `, ` between them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Address of the client. */
  readonly source: string;
}
