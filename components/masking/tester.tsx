"use client";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { errorWords } from "@/components/shell/panel";
import { Field, Textarea } from "@/components/ui/field";
import { Tag } from "@/components/ui/tag";
import { maskingTest } from "@/lib/masking/queries";
import type { MaskingChange } from "@/lib/masking/schema";

const EXAMPLE = `{"type": "agent.tool_use", "id": "evt_1", "name": "bash",
 "input": {"command": "curl -H 'Authorization: Bearer 8d1f2c7ab09e4f55' postgres://app:hunter2@db.example.com"}}`;

const READ_AS = {
  event: "read as an event",
  session: "read as a session",
  json: "read as an object",
  text: "read as a text",
};

/** What the rules as they stand in the form would leave of a text, while either is typed. */
export function Tester({ change }: { change: MaskingChange }) {
  const [text, setText] = useState(EXAMPLE);
  const { pushed_mode: mode, builtin, rules } = change;
  const asked = useDeferredValue({ text, mode, builtin, rules });
  const query = useQuery(maskingTest(asked));
  const { data, error } = query;
  return (
    <div className="grid grid-cols-1 gap-3 lg:grid-cols-2">
      <Field label="Text or JSON" hint="nothing of it is kept">
        {(props) => (
          <Textarea
            {...props}
            rows={9}
            spellCheck={false}
            className="font-mono text-sm"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div className="flex min-w-0 flex-col gap-1">
        <p className="text-sm font-medium text-ink-2">
          What would be stored {data ? `(${READ_AS[data.read_as]})` : null}
        </p>
        {error ? (
          <p role="alert" className="text-fail">
            {errorWords(error)}
          </p>
        ) : (
          <pre className="max-h-80 min-h-40 overflow-auto rounded-md border bg-bg p-2 font-mono text-sm wrap-anywhere whitespace-pre-wrap">
            {text === "" ? "" : data?.output}
          </pre>
        )}
        <div role="status" className="flex min-h-6 flex-wrap items-center gap-1 text-sm text-ink-3">
          {data && !error && data.found.length === 0 ? "No rule found anything." : null}
          {error
            ? null
            : data?.found.map(({ rule, fields }) => (
                <Tag key={rule} mono>
                  {rule} × {fields}
                </Tag>
              ))}
        </div>
      </div>
    </div>
  );
}
