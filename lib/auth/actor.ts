import type { Actor } from "@/lib/audit/schema";
import type { Caller, CallingPerson } from "./schema";
import { authorOf } from "./service";

export const actorOfPerson = ({ id, email }: Pick<CallingPerson, "id" | "email">): Actor => ({
  ...{ kind: "person", id, label: email },
});

/** Who a caller is, for the audit log. */
export async function actorOf(caller: Caller): Promise<Actor> {
  if (caller.person) return actorOfPerson(caller.person);
  const kind = caller.via === "key" ? "key" : "browser";
  return { kind, id: caller.keyId, label: await authorOf(caller) };
}
