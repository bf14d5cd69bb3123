"use client";
import { Upload } from "lucide-react";
import { type DragEvent, useId, useState } from "react";
import { Panel } from "@/components/shell/panel";
import { ImportFileRow } from "@/components/start/import-file-row";
import { useImport } from "@/components/start/use-import";
import { cx } from "@/components/ui/cx";
import { Field, Input } from "@/components/ui/field";

const NO_HINTS = { session: "", thread: "", model: "" };

/** Takes recorded sessions as files: dropped or chosen, many at once. */
export function ImportPanel() {
  const { files, add, retry } = useImport();
  const [hints, setHints] = useState(NO_HINTS);
  const [over, setOver] = useState(false);
  const inputId = useId();
  const set = (name: keyof typeof NO_HINTS) => (event: { target: { value: string } }) =>
    setHints({ ...hints, [name]: event.target.value.trim() });

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    add([...event.dataTransfer.files], hints);
  }

  return (
    <Panel
      title="Import files"
      hint="event lists, exports and bundles; importing twice changes nothing"
    >
      <div className="grid grid-cols-1 gap-3 md:grid-cols-[minmax(0,1fr)_16rem]">
        <label
          htmlFor={inputId}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
          className={cx(
            "flex min-h-40 cursor-pointer flex-col items-center justify-center gap-2 rounded-lg border border-dashed p-4 text-center has-focus-visible:outline-2 has-focus-visible:outline-accent",
            over ? "border-accent bg-accent-soft" : "border-field hover:bg-hover",
          )}
        >
          <Upload size={20} aria-hidden className="text-ink-3" />
          <span className="font-medium">Drop files here, or choose them</span>
          <span className="text-sm text-ink-3">
            .json, .jsonl, .ndjson; read in this browser, sent in batches
          </span>
          <input
            id={inputId}
            type="file"
            multiple
            accept=".json,.jsonl,.ndjson,application/json,application/x-ndjson"
            className="sr-only"
            onChange={(event) => {
              add([...(event.target.files ?? [])], hints);
              event.target.value = "";
            }}
          />
        </label>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-2 text-sm text-ink-3">Where a file does not say it</legend>
          <Field label="Session id">
            {(p) => (
              <Input
                {...p}
                placeholder="sesn_…"
                spellCheck={false}
                value={hints.session}
                onChange={set("session")}
              />
            )}
          </Field>
          <Field label="Thread id">
            {(p) => (
              <Input
                {...p}
                placeholder="primary thread"
                spellCheck={false}
                value={hints.thread}
                onChange={set("thread")}
              />
            )}
          </Field>
          <Field label="Model" hint="Without a model, tokens stay unpriced.">
            {(p) => (
              <Input
                {...p}
                placeholder="claude-…"
                spellCheck={false}
                value={hints.model}
                onChange={set("model")}
              />
            )}
          </Field>
        </fieldset>
      </div>
      {files.length > 0 ? (
        <ul aria-label="Imported files" className="mt-3 flex flex-col border-t">
          {files.map((file) => (
            <ImportFileRow
              key={file.id}
              file={file}
              onRetry={(extra) => retry(file.id, { ...hints, ...extra })}
            />
          ))}
        </ul>
      ) : null}
    </Panel>
  );
}
