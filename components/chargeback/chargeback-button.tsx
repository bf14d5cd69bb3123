"use client";
import { FileSpreadsheet } from "lucide-react";
import { type FormEvent, useState } from "react";
import { type Asked, setSpan, spanOf, wholeFiltersOf } from "@/components/metrics/asked";
import { useNowAsking } from "@/components/metrics/use-answers";
import { useMetadataKeys } from "@/components/metrics/use-metadata-keys";
import type { Facets } from "@/components/sessions/filter-menu";
import { Button } from "@/components/ui/button";
import { Field, Select } from "@/components/ui/field";
import { Popover } from "@/components/ui/popover";
import { SuggestInput } from "@/components/ui/suggest-input";

function rangeParams(asked: Asked, nowMs: number, firstMs: number): URLSearchParams {
  const params = setSpan(wholeFiltersOf(asked.params), spanOf(asked, nowMs, firstMs));
  params.set("tz", asked.tz);
  return params;
}

type ChargebackProps = { asked: Asked; facets: Facets | undefined };

/** The range's cost day by day for whoever keeps the books. */
export function ChargebackButton(props: ChargebackProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label="Chargeback"
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="sm">
          <FileSpreadsheet size={14} aria-hidden />
          Chargeback
        </Button>
      }
    >
      <ChargebackForm {...props} onDone={() => setOpen(false)} />
    </Popover>
  );
}

function ChargebackForm({ asked, facets, onDone }: ChargebackProps & { onDone: () => void }) {
  const keys = useMetadataKeys(facets);
  const [centre, setCentre] = useState("");
  const [format, setFormat] = useState<"csv" | "focus">("csv");
  const now = useNowAsking(asked);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const params = await now(rangeParams);
    params.set("format", format);
    if (centre.trim() !== "") params.set("cost_centre", centre.trim());
    window.location.assign(`/api/v1/costs/export?${params}`);
    onDone();
  };
  return (
    <form onSubmit={submit} className="flex w-72 flex-col gap-3 p-3">
      <Field label="Cost centre" hint="a metadata key; left out, there is none">
        {(props) => (
          <SuggestInput
            {...props}
            maxLength={64}
            known={[...keys.promoted, ...keys.others].map((value) => ({ value }))}
            value={centre}
            onChange={(event) => setCentre(event.target.value)}
          />
        )}
      </Field>
      <Field label="Format">
        {(props) => (
          <Select
            {...props}
            value={format}
            onChange={(event) => setFormat(event.target.value === "focus" ? "focus" : "csv")}
          >
            <option value="csv">CSV</option>
            <option value="focus">FOCUS 1.2 (CSV)</option>
          </Select>
        )}
      </Field>
      <p className="text-sm text-ink-3">
        A row for each day, cost centre, agent and meter; they add up to the cost of the range.
      </p>
      <Button type="submit" variant="primary" className="self-end">
        Download
      </Button>
    </form>
  );
}
