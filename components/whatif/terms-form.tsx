"use client";
import { Plus, X } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button";
import { Field, Input, Select } from "@/components/ui/field";
import {
  ANY,
  DISCOUNT,
  isWithin,
  SESSIONS,
  type Swap,
  swapText,
  type Terms,
} from "@/components/whatif/terms";
import type { Cache } from "@/lib/whatif/recost";

const CACHES: Record<Cache, string> = {
  as_is: "as it was",
  "5m": "five minutes for everything",
  "1h": "an hour for everything",
  none: "no cache",
};

type TermsFormProps = {
  terms: Terms;
  /** Models that answered, and those that have a price. */
  used: readonly string[];
  priced: readonly string[];
  set: (changes: Record<string, string | string[] | null>) => void;
};

/** What is to be other than it was. */
export function TermsForm({ terms, used, priced, set }: TermsFormProps) {
  const setSwaps = (swaps: Swap[]) => set({ swap: swaps.map(swapText) });
  const free = [ANY, ...used].filter((model) => terms.swaps.every((swap) => swap.model !== model));
  return (
    <form onSubmit={(event) => event.preventDefault()} className="flex flex-col gap-3">
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-sm font-medium text-ink-2">Another model</legend>
        {terms.swaps.map((swap, at) => (
          <SwapRow
            key={swap.model}
            swap={swap}
            models={[swap.model, ...free]}
            priced={priced}
            onChange={(next) => setSwaps(terms.swaps.with(at, next))}
            onRemove={() => setSwaps(terms.swaps.filter((_, index) => index !== at))}
          />
        ))}
        <Button
          size="sm"
          className="self-start"
          disabled={free.length === 0}
          onClick={() => setSwaps([...terms.swaps, { model: free[0] ?? ANY, instead: "" }])}
        >
          <Plus size={14} aria-hidden />
          {terms.swaps.length === 0 ? "Swap a model" : "Swap another"}
        </Button>
      </fieldset>
      <Field label="The cache keeps things">
        {(props) => (
          <Select
            {...props}
            value={terms.cache}
            onChange={({ target }) =>
              set({ cache: target.value === "as_is" ? null : target.value })
            }
          >
            {Object.entries(CACHES).map(([cache, label]) => (
              <option key={cache} value={cache}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field
          label="Discount in percent"
          error={isWithin(terms.discount, DISCOUNT) ? null : "From 0 to 100."}
        >
          {(props) => (
            <Input
              {...props}
              inputMode="decimal"
              placeholder="0"
              value={terms.discount}
              onChange={({ target }) => set({ discount: target.value || null })}
            />
          )}
        </Field>
        <Field
          label="Times as many sessions"
          error={isWithin(terms.sessions, SESSIONS) ? null : "From 0.01 to 1,000,000."}
        >
          {(props) => (
            <Input
              {...props}
              inputMode="decimal"
              placeholder="1"
              value={terms.sessions}
              onChange={({ target }) => set({ sessions: target.value || null })}
            />
          )}
        </Field>
      </div>
      <Field label="Prices">
        {(props) => (
          <Select
            {...props}
            value={terms.prices}
            onChange={({ target }) => set({ prices: target.value === "list" ? "list" : null })}
          >
            <option value="own">as they hold here</option>
            <option value="list">the published ones</option>
          </Select>
        )}
      </Field>
    </form>
  );
}

type SwapRowProps = {
  swap: Swap;
  models: readonly string[];
  priced: readonly string[];
  onChange: (swap: Swap) => void;
  onRemove: () => void;
};

const modelWords = (model: string) => (model === ANY ? "every other model" : model);

function SwapRow({ swap, models, priced, onChange, onRemove }: SwapRowProps) {
  const { model, instead } = swap;
  const choices = instead === "" || priced.includes(instead) ? priced : [instead, ...priced];
  return (
    <div className="flex items-center gap-2">
      <Select
        aria-label="Instead of"
        value={model}
        onChange={({ target }) => onChange({ ...swap, model: target.value })}
      >
        {models.map((one) => (
          <option key={one} value={one}>
            {modelWords(one)}
          </option>
        ))}
      </Select>
      <span aria-hidden>→</span>
      <Select
        aria-label={`Answers instead of ${modelWords(model)}`}
        value={instead}
        onChange={({ target }) => onChange({ ...swap, instead: target.value })}
      >
        <option value="">Choose…</option>
        {choices.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </Select>
      <IconButton label={`Keep ${modelWords(model)}`} onClick={onRemove}>
        <X size={14} aria-hidden />
      </IconButton>
    </div>
  );
}
