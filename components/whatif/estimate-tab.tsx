"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Panel, QueryState } from "@/components/shell/panel";
import { Field, Input, Select } from "@/components/ui/field";
import {
  type Estimated,
  estimatedOf,
  estimateParams,
  FIELDS,
  isFine,
  MODEL_PARAM,
} from "@/components/whatif/estimate";
import { Assumptions } from "@/components/whatif/history-tab";
import { MetersTable } from "@/components/whatif/meters-table";
import { formatNanos } from "@/lib/format";
import { costEstimate } from "@/lib/whatif/queries";

type EstimateProps = {
  params: URLSearchParams;
  priced: readonly string[];
  set: (changes: Record<string, string | string[] | null>, options?: { replace?: boolean }) => void;
};

/** What a fleet that is not there yet would cost, from what one session is thought to use. */
export function EstimateTab({ params, priced, set }: EstimateProps) {
  const estimated = estimatedOf(params, priced);
  const asked = estimateParams(estimated);
  const query = useQuery({
    ...costEstimate(asked ?? new URLSearchParams()),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
  });
  return (
    <div className="grid grid-cols-1 items-start gap-3 pt-3 lg:grid-cols-[25rem_minmax(0,1fr)]">
      <Panel title="One session" hint="on average">
        <EstimateForm
          estimated={estimated}
          priced={priced}
          onChange={(name, value) => set({ [name]: value }, { replace: true })}
        />
      </Panel>
      <QueryState query={query} what="The estimate" height="min-h-80">
        {({ session, day, month, assumptions }) => (
          <div className="flex min-w-0 flex-col gap-3">
            <Panel title="What it would cost" flush>
              <p className="px-3 pb-3" aria-live="polite">
                <strong className="font-medium">{formatNanos(month.total_nanos)}</strong> a month,{" "}
                {formatNanos(session.total_nanos)} a session.
              </p>
              <MetersTable
                label="Estimated cost by meter"
                columns={[
                  { name: "A session", meters: session },
                  { name: "A day", meters: day },
                  { name: "A month", meters: month },
                ]}
              />
            </Panel>
            <Assumptions assumptions={assumptions} />
          </div>
        )}
      </QueryState>
    </div>
  );
}

type FormProps = {
  estimated: Estimated;
  priced: readonly string[];
  onChange: (name: string, value: string) => void;
};

function EstimateForm({ estimated: { model, values }, priced, onChange }: FormProps) {
  return (
    <form onSubmit={(event) => event.preventDefault()} className="flex flex-col gap-3">
      <Field label="Model">
        {(props) => (
          <Select
            {...props}
            value={model}
            onChange={({ target }) => onChange(MODEL_PARAM, target.value)}
          >
            {(priced.includes(model) ? priced : [model, ...priced]).map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="grid grid-cols-2 gap-3">
        {FIELDS.map(({ name, label }) => (
          <Field
            key={name}
            label={label}
            error={isFine(name, values[name]) ? null : "A number from 0 up."}
          >
            {(props) => (
              <Input
                {...props}
                inputMode="decimal"
                value={values[name]}
                onChange={({ target }) => onChange(name, target.value)}
              />
            )}
          </Field>
        ))}
      </div>
    </form>
  );
}
