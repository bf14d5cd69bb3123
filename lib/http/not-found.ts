import { AppError } from "./errors";
import { route } from "./route";

/** For every method of a path that does not exist. */
export const notFound = route({ auth: "open", summary: "Nothing here" }, () => {
  throw new AppError("not_found", "There is nothing at this address; see /api/v1/openapi.json.");
});
