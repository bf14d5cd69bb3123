"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  NO_SUBJECT,
  type SubjectDraft,
  SubjectFields,
  sessionsIn,
} from "@/components/retention/subject-fields";
import { errorWords } from "@/components/shell/panel";
import { Time } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { Facts } from "@/components/ui/facts";
import { Checkbox, Field, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { formatCount, formatPlural, plain } from "@/lib/format";
import type { ErasurePreview } from "@/lib/retention/erasure-schema";
import { askToErase, previewErasure } from "@/lib/retention/queries";

/** First what would go, then that it goes. */
export function EraseForm({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState<SubjectDraft>(NO_SUBJECT);
  const [reason, setReason] = useState("");
  const [isSure, setSure] = useState(false);
  const client = useQueryClient();
  const subject = sessionsIn(draft);
  const preview = useMutation({ mutationFn: previewErasure });
  const erase = useMutation({
    mutationFn: askToErase,
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: ["retention"] });
    },
  });
  const change = (fields: Partial<SubjectDraft>) => {
    preview.reset();
    erase.reset();
    setSure(false);
    setDraft((before) => ({ ...before, ...fields }));
  };
  const found = preview.data;
  const mayErase = found !== undefined && found.sessions > 0 && found.holds.length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!subject) return;
    if (!found) preview.mutate(subject);
    else if (mayErase && isSure) erase.mutate({ subject, reason, sessions: found.sessions });
  };
  const error = preview.error ?? erase.error;
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <SubjectFields draft={draft} onChange={change} />
      {found ? <Preview found={found} /> : null}
      {mayErase ? (
        <>
          <Field label="Why" hint="kept with the report: name nobody in it">
            {(props) => (
              <Input
                {...props}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          <Checkbox
            checked={isSure}
            onChange={(event) => setSure(event.target.checked)}
            label={`Erase ${formatPlural(found.sessions, "session")} for good`}
          />
        </>
      ) : null}
      {error ? (
        <p role="alert" className="text-fail">
          {errorWords(error)}
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        {found ? (
          <Button
            type="submit"
            variant="danger"
            disabled={!mayErase || !isSure || reason.trim().length < 3 || erase.isPending}
          >
            Erase
          </Button>
        ) : (
          <Button type="submit" variant="primary" disabled={!subject || preview.isPending}>
            Show what would go
          </Button>
        )}
      </div>
    </form>
  );
}

function Preview({ found }: { found: ErasurePreview }) {
  if (found.sessions === 0)
    return <Notice tone="quiet">No session is like that; it may be erased already.</Notice>;
  return (
    <div role="status" className="flex flex-col gap-2">
      <Facts
        rows={[
          ["Sessions", formatCount(found.sessions)],
          ["Events", formatCount(found.events)],
          ["Spans", formatCount(found.spans)],
          ["From", <Time key="from" at={found.from} />],
          ["To", <Time key="to" at={found.to} />],
        ]}
      />
      {found.holds.map(({ id, reason, sessions }) => (
        <Notice key={id} tone="wait">
          {formatPlural(sessions, "session")} of these {sessions === 1 ? "is" : "are"} held: “
          {plain(reason)}”. Lift the hold first, or ask for the others alone.
        </Notice>
      ))}
      {found.holds.length === 0 ? (
        <p className="text-sm text-ink-3">
          Everything of them goes, also from messages and the audit log. Their money and tokens stay
          in the totals, and they are not taken in again.
        </p>
      ) : null}
    </div>
  );
}
