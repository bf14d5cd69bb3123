import { labelWords } from "@/components/alerts/words";
import { Tag } from "@/components/ui/tag";
import type { Labels } from "@/lib/alerts/schema";

/** What an alert is about, label by label. */
export function LabelList({ labels, names }: { labels: Labels; names?: Labels }) {
  const words = labelWords(labels, names);
  if (words.length === 0) return null;
  return (
    <span className="inline-flex max-w-full flex-wrap gap-1">
      {words.map(({ name, value }) => (
        <Tag key={name} title={`${name}: ${value}`}>
          <span className="text-ink-3">{name}</span> {value}
        </Tag>
      ))}
    </span>
  );
}
