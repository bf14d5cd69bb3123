"use client";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, Textarea } from "@/components/ui/field";
import type { RejectedItem } from "@/lib/rejected/schema";

type EditorProps = {
  item: RejectedItem;
  pending: boolean;
  /** Why the last try failed. */
  error: string | null;
  onTry: (body: string) => void;
  onClose: () => void;
};

/** The item as text that can be changed, and tried as it then is. */
export function ItemEditor({ item, pending, error, onTry, onClose }: EditorProps) {
  const [text, setText] = useState(() => indented(item.body));
  const [fault, setFault] = useState<string | null>(null);
  const { original } = item;
  function submit(event: FormEvent) {
    event.preventDefault();
    const wrong = faultOf(text);
    setFault(wrong);
    if (wrong === null) onTry(compact(text));
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <Field
        label="The item, as ingest reads it"
        error={fault ?? error}
        hint="kind, session_id and session_thread_id say where it belongs; data is the event or object itself."
      >
        {(p) => (
          <Textarea
            {...p}
            rows={Math.min(24, Math.max(6, text.split("\n").length))}
            spellCheck={false}
            className="font-mono text-sm leading-5"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" size="sm" variant="primary" disabled={pending || text.trim() === ""}>
          {pending ? "Trying…" : "Try again with this"}
        </Button>
        <Button size="sm" onClick={onClose}>
          Close
        </Button>
        {original === null ? null : (
          <Button size="sm" onClick={() => setText(indented(original))}>
            Back to how it came
          </Button>
        )}
      </div>
    </form>
  );
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** One line, as items come. */
function compact(text: string): string {
  return JSON.stringify(JSON.parse(text));
}

function faultOf(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return `This is not JSON yet: ${(error as Error).message}`;
  }
}
