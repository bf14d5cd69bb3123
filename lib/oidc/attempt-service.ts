import { seal, unseal } from "@/lib/auth/sealing";
import { AppError } from "@/lib/http/errors";
import { Attempt } from "./schema";

const PLACE = "oidc/attempt";

/** Kept by the browser, which can neither read it nor make one. */
export const sealAttempt = (attempt: Attempt): Promise<string> =>
  seal(JSON.stringify(attempt), PLACE);

/** Null for one that is missing, over, or was not sealed here. */
export async function openAttempt(sealed: string | null, now: Date): Promise<Attempt | null> {
  if (sealed === null) return null;
  try {
    const attempt = Attempt.parse(JSON.parse(await unseal(sealed, PLACE)));
    return attempt.endsAt > now.getTime() ? attempt : null;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
