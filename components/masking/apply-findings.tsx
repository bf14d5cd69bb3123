import { Tag } from "@/components/ui/tag";
import { formatCount, formatPlural } from "@/lib/format";
import type { MaskingRunItem } from "@/lib/masking/runs-schema";

/** What a run, or its preview, has found so far. */
export function ApplyFindings({ run }: { run: MaskingRunItem }) {
  const { counts, fields } = run;
  const all = fields.reduce((sum, one) => sum + one.fields, 0);
  const left = leftWords(run);
  return (
    <div className="flex flex-col gap-2">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 sm:grid-cols-5">
        <Figure name="Sessions" value={counts.sessions} />
        <Figure name="Events" value={counts.events} />
        <Figure name="Values" value={all} />
        <Figure name="Agents and other objects" value={counts.objects} />
        <Figure name="Rejected items" value={counts.rejected} />
      </dl>
      {fields.length > 0 ? (
        <ul aria-label="Values by rule" className="flex flex-wrap gap-1">
          {fields.map(({ rule, fields: values }) => (
            <li key={rule}>
              <Tag mono>
                {rule} × {formatCount(values)}
              </Tag>
            </li>
          ))}
        </ul>
      ) : null}
      {left === "" ? null : <p className="text-sm text-ink-2">Left as they are: {left}.</p>}
    </div>
  );
}

function Figure({ name, value }: { name: string; value: number }) {
  return (
    <div>
      <dt className="text-sm text-ink-3">{name}</dt>
      <dd className="tabular-nums">{formatCount(value)}</dd>
    </div>
  );
}

function leftWords({ counts: { held, sealed, kept } }: MaskingRunItem): string {
  const words: string[] = [];
  if (held > 0) words.push(`${formatPlural(held, "session")} under a legal hold`);
  if (sealed > 0)
    words.push(`${formatPlural(sealed, "session")} whose events retention has dropped`);
  if (kept > 0) words.push(`${formatPlural(kept, "session")} whose figures would change`);
  return words.join(", ");
}
