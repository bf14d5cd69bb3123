import { markWords } from "@/components/failures/group-words";
import { Tag } from "@/components/ui/tag";
import type { ErrorGroupItem } from "@/lib/failures/schema";

/** Whether a group of errors is new or has come back. */
export function GroupMark({ group }: { group: ErrorGroupItem }) {
  if (group.state === "known") return null;
  return (
    <Tag tone={group.state === "new" ? "fail" : "wait"} title={markWords(group) ?? undefined}>
      {group.state}
    </Tag>
  );
}
