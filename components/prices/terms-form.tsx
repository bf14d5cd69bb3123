"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { DiscountFields } from "@/components/prices/discount-fields";
import { type Draft, draftOf, type Issues, termsOf, withPricesOf } from "@/components/prices/draft";
import { IncludedFields } from "@/components/prices/included-fields";
import { MeterFields } from "@/components/prices/meter-fields";
import { PriceFields } from "@/components/prices/price-fields";
import { useSaved } from "@/components/prices/use-saved";
import { errorWords, Panel } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import type { Terms } from "@/lib/costs/own-schema";
import { savePrices } from "@/lib/costs/prices-queries";
import type { Prices } from "@/lib/costs/prices-schema";
import { changesOf } from "@/lib/costs/terms-change";
import { formatPlural } from "@/lib/format";
import { ApiError } from "@/lib/http/client";

type TermsFormProps = {
  prices: Prices;
  /** A model whose price is to be entered. */
  add: string | null;
  onClose: () => void;
  onSaved: (prices: Prices) => void;
};

export type Section<Name extends keyof Draft> = {
  entries: Draft[Name];
  change: (entries: Draft[Name]) => void;
  issueOf: (at: number, name: string) => string | null;
};

/** The terms as they were when the form was opened: what is saved meanwhile is a conflict, not lost. */
export function TermsForm({ prices, add, onClose, onSaved }: TermsFormProps) {
  const [{ base, terms: before }] = useState({ base: prices.number, terms: prices.terms });
  const [draft, setDraft] = useState(() => {
    const present = draftOf(before);
    return add ? withPricesOf(present, add) : present;
  });
  const [note, setNote] = useState("");
  const [isTold, setTold] = useState(false);
  const { terms, issues } = termsOf(draft);
  const saved = useSaved();
  const save = useMutation({
    mutationFn: (wanted: Terms) => savePrices({ based_on: base, terms: wanted, note }),
    onSuccess: async (next) => {
      await saved(next);
      onSaved(next);
    },
  });
  const changes = terms ? changesOf(before, terms).length : 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTold(true);
    if (terms && changes > 0) save.mutate(terms);
  };
  const shown = { ...toldOf(save.error), ...issues };
  const section = <Name extends keyof Draft>(name: Name): Section<Name> => ({
    entries: draft[name],
    change: (entries) => {
      save.reset();
      setDraft((now) => ({ ...now, [name]: entries }));
    },
    issueOf: (at, field) => issueAt(shown, `${name}.${at}.${field}`, draft, isTold),
  });
  return (
    <Panel title="Own terms" hint={base === 0 ? "the first version" : `changes version ${base}`}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        <DiscountFields {...section("discounts")} />
        <PriceFields {...section("prices")} added={add} />
        <MeterFields {...section("session_hours")} title="Session-hours" unit="Dollars an hour" />
        <MeterFields {...section("web_searches")} title="Web searches" unit="Dollars a search" />
        <IncludedFields {...section("included")} />
        <Field label="Note" hint="why, for those who read the versions" className="max-w-xl">
          {(props) => (
            <Input
              {...props}
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
        <div className="flex flex-wrap items-center gap-3">
          <Button
            type="submit"
            variant="primary"
            disabled={save.isPending || (terms !== null && changes === 0)}
          >
            {save.isPending ? "Saving…" : "Save"}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <span role="status" className="text-ink-2">
            {terms === null
              ? `${formatPlural(Object.keys(issues).length, "field is", "fields are")} not right yet.`
              : changes === 0
                ? "Nothing is changed yet."
                : `${formatPlural(changes, "change")} to save.`}
          </span>
        </div>
        {save.error ? <Refused error={save.error} onClose={onClose} /> : null}
      </form>
    </Panel>
  );
}

/** Of two who change one version the second sees what the first has saved, before typing it again. */
function Refused({ error, onClose }: { error: Error; onClose: () => void }) {
  const client = useQueryClient();
  const isConflict = error instanceof ApiError && error.code === "conflict";
  const leave = async () => {
    await client.invalidateQueries({ queryKey: ["prices"] });
    onClose();
  };
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 text-fail">
      <p>{errorWords(error)}</p>
      {isConflict ? <Button onClick={leave}>Leave mine, show the newest</Button> : null}
    </div>
  );
}

/** What the server found wrong, under the names of the form. */
function toldOf(error: Error | null): Issues {
  const issues = error instanceof ApiError ? error.issues : [];
  return Object.fromEntries(
    issues.map(({ path, message }) => [path.replace("terms.", ""), message]),
  );
}

/** Nothing is told of a field that is still empty before somebody wants to save. */
function issueAt(issues: Issues, path: string, draft: Draft, isTold: boolean): string | null {
  const [list = "", at = "", name = ""] = path.split(".");
  const entry = draft[list as keyof Draft][Number(at)];
  const isEmpty = entry !== undefined && Reflect.get(entry, name) === "";
  return isEmpty && !isTold ? null : (issues[path] ?? null);
}
