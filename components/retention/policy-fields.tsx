import { daysWords, KIND_WORDS, ORDER, offeredWith } from "@/components/retention/words";
import { Field, Select } from "@/components/ui/field";
import type { Kind, OwnPolicy, RetentionPolicy } from "@/lib/retention/schema";

type Days = number | null | undefined;

type FieldsProps = {
  name: string;
  hint?: string;
  /** Of this place. */
  own: OwnPolicy;
  /** What holds where nothing is set; null for the default itself. */
  byDefault: RetentionPolicy | null;
  issues: Record<string, string>;
  path: string;
  onChange: (kind: Kind, days: Days) => void;
};

/** How long each kind stays, of one place. */
export function PolicyFields({ name, hint, own, byDefault, issues, path, onChange }: FieldsProps) {
  return (
    <fieldset className="border-b px-3 py-3 last:border-b-0">
      <legend className="sr-only">{name}</legend>
      <p aria-hidden className="mb-2 flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium break-all">{name}</span>
        {hint ? <span className="text-sm text-ink-3">{hint}</span> : null}
      </p>
      <div className="grid grid-cols-2 gap-x-3 gap-y-2 md:grid-cols-4">
        {ORDER.map((kind) => (
          <Field
            key={kind}
            label={KIND_WORDS[kind].label}
            hint={byDefault ? null : KIND_WORDS[kind].what}
            error={issues[`${path}.${kind}`] ?? null}
          >
            {(props) => (
              <Select
                {...props}
                value={textOf(own[kind])}
                onChange={(event) => onChange(kind, daysOf(event.target.value))}
              >
                {byDefault ? (
                  <option value="">Default: {daysWords(byDefault[kind]).toLowerCase()}</option>
                ) : null}
                <option value="ever">{daysWords(null)}</option>
                {offeredWith(own[kind]).map((days) => (
                  <option key={days} value={days}>
                    {daysWords(days)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ))}
      </div>
    </fieldset>
  );
}

const textOf = (days: Days) => (days === undefined ? "" : days === null ? "ever" : String(days));
const daysOf = (text: string): Days =>
  text === "" ? undefined : text === "ever" ? null : Number(text);
