import type { Actor } from "@/lib/audit/schema";
import type { Caller } from "./schema";
import { authorOf } from "./service";

/** Who a caller is, for the audit log. */
export async function actorOf(caller: Caller): Promise<Actor> {
  const kind = caller.via === "key" ? "key" : "browser";
  return { kind, id: caller.keyId, label: await authorOf(caller) };
}
