import type { Path } from "../diagnostics/diagnostic";
import type { RouteConditions } from "../routes/route";
import type { RouteFile } from "../schema/route";
import type { OpenRequests } from "./public-paths";

/** A route of a model, and its place in the file. */
export interface ModelRoute {
  readonly model: string;
  readonly route: RouteFile;
  /** Where it is written. The default route of a model has the path of the model, that of the default model `entry.default`. */
  readonly path: Path;
  /** What it opens of the server; absent: all that its conditions match. */
  readonly opens?: { readonly prefix: string; readonly requests: readonly OpenRequests[] };
}

/** A rule before it has its priority. */
export interface UnplacedRule extends ModelRoute {
  readonly id: string;
  /** Ids of rules that have to be there before this one is narrowed: they open other paths of the same route. */
  readonly after?: readonly string[];
  /** As AWS has them. */
  readonly conditions: RouteConditions;
  /**
   * The conditions from which its priority is derived: those that its route has without the public paths. So a change of
   * these moves no rule.
   */
  readonly placing: RouteConditions;
  /** The same requests as those of `conditions`, in a form that can be compared. */
  readonly requests: RouteConditions;
  readonly explicit?: number;
}
