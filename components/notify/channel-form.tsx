"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSettled } from "@/components/alerts/use-settled";
import { ChannelFields } from "@/components/notify/channel-fields";
import { type Draft, draftOf, newDraft, readDraft } from "@/components/notify/draft";
import { KIND_WORDS } from "@/components/notify/words";
import { errorWords } from "@/components/shell/panel";
import { useMay } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Checkbox, Field, Input, Select } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { ApiError } from "@/lib/http/client";
import type { ChannelItem, ChannelKind } from "@/lib/notify/channel-schema";
import { type ChannelBody, channelsList, NOTIFY, saveChannel } from "@/lib/notify/queries";

type ChannelFormProps = {
  /** Null for a new one. */
  item: ChannelItem | null;
  onClose: () => void;
  onSaved: (channel: ChannelItem) => void;
};

const TYPING_MS = 600;

/** Where messages go. What is wrong with a field is told when its typing rests; what is missing, at the end. */
export function ChannelForm({ item, onClose, onSaved }: ChannelFormProps) {
  const [draft, setDraft] = useState<Draft>(() => (item ? draftOf(item) : newDraft("slack")));
  const [typed, setTyped] = useState<readonly string[]>([]);
  const [isTried, setTried] = useState(false);
  const isResting = useSettled(draft, TYPING_MS) === draft;
  const client = useQueryClient();
  const read = readDraft(draft, item);
  const save = useMutation({
    mutationFn: (body: ChannelBody) => saveChannel(item?.id ?? null, body),
    onSuccess: async (channel) => {
      await client.invalidateQueries({ queryKey: NOTIFY });
      onSaved(channel);
    },
  });
  const told = save.error instanceof ApiError ? save.error.issues : [];
  const isFine = Object.keys(read.issues).length === 0;
  const shown = {
    ...Object.fromEntries(told.map(({ path, message }) => [path.split(".")[0] ?? "", message])),
    ...Object.fromEntries(
      Object.entries(read.issues).filter(
        ([name]) => isTried || (isResting && typed.includes(name)),
      ),
    ),
  };
  const change = (fields: Partial<Draft>) => {
    save.reset();
    setDraft((now) => ({ ...now, ...fields }));
  };
  const type = (name: string, fields: Partial<Draft>) => {
    change(fields);
    setTyped((now) => (now.includes(name) ? now : [...now, name]));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isFine) save.mutate(read.body);
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      <KindField
        draft={draft}
        isNew={item === null}
        onChange={(kind) => setDraft(newDraft(kind))}
      />
      <Field label="Name" error={shown.name ?? null}>
        {(props) => (
          <Input
            {...props}
            value={draft.name}
            maxLength={100}
            placeholder="On-call"
            onChange={(event) => type("name", { name: event.target.value })}
          />
        )}
      </Field>
      <ChannelFields {...{ draft, item, change, type, issues: shown }} />
      <Checkbox
        label="also tells when an alert closes"
        checked={draft.sends_closes}
        onChange={(event) => change({ sends_closes: event.target.checked })}
      />
      <Checkbox
        label="takes what no route takes, and what other channels cannot deliver"
        checked={draft.is_default}
        onChange={(event) => change({ is_default: event.target.checked })}
      />
      <LinksField {...{ draft, item, change }} />
      {save.error && told.length === 0 ? (
        <p role="alert" className="text-fail">
          {errorWords(save.error)}
        </p>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={save.isPending}>
          {save.isPending ? "Saving…" : item ? "Save" : "Add channel"}
        </Button>
      </div>
    </form>
  );
}

const isCarrier = ({ carries_links }: ChannelItem) => carries_links;

type LinksFieldProps = {
  draft: Draft;
  item: ChannelItem | null;
  change: (fields: Partial<Draft>) => void;
};

/** Of a mail server: whether links that let people in go through it, which only an admin says. */
function LinksField({ draft, item, change }: LinksFieldProps) {
  const isAdmin = useMay("admin");
  const { data: others } = useQuery(channelsList());
  if (draft.kind !== "email") return null;
  if (!isAdmin)
    return item?.carries_links ? (
      <Notice tone="wait">
        Its server also carries links for new passwords: beside whom it tells, only an admin changes
        it.
      </Notice>
    ) : null;
  return (
    <Checkbox
      label="also carries links for new passwords; then only admins change its server"
      // Left alone, the first one does.
      checked={draft.carries_links ?? item?.carries_links ?? !others?.data.some(isCarrier)}
      onChange={(event) => change({ carries_links: event.target.checked })}
    />
  );
}

type KindFieldProps = { draft: Draft; isNew: boolean; onChange: (kind: ChannelKind) => void };

function KindField({ draft, isNew, onChange }: KindFieldProps) {
  if (!isNew) return <p className="text-ink-2">{KIND_WORDS[draft.kind]}</p>;
  return (
    <Field label="Kind">
      {(props) => (
        <Select
          {...props}
          value={draft.kind}
          onChange={(event) => onChange(event.target.value as ChannelKind)}
        >
          {Object.entries(KIND_WORDS).map(([kind, word]) => (
            <option key={kind} value={kind}>
              {word}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
