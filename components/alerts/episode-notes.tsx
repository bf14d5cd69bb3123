"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorWords, Panel } from "@/components/shell/panel";
import { Ago } from "@/components/shell/time";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Textarea } from "@/components/ui/field";
import type { EpisodeDetail } from "@/lib/alerts/episode-schema";
import { addEpisodeNote, episodeDetail } from "@/lib/alerts/queries";

const MOST = 4_000;

/** What people found out, for whoever looks next. */
export function EpisodeNotes({ episode }: { episode: EpisodeDetail }) {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const add = useMutation({
    mutationFn: () => addEpisodeNote(episode.id, text.trim()),
    onSuccess: (next) => {
      client.setQueryData(episodeDetail(episode.id).queryKey, next);
      setText("");
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") add.mutate();
  };
  return (
    <Panel title="Notes" flush>
      <ul>
        {episode.notes.map(({ id, author, text: said, created_at }) => (
          <li key={id} className="border-t px-3 py-2">
            <p className="text-sm text-ink-3">
              {author}, <Ago at={created_at} />
            </p>
            <p className="wrap-anywhere whitespace-pre-wrap">{said}</p>
          </li>
        ))}
      </ul>
      <Needs scope="write">
        <form onSubmit={submit} className="flex flex-col gap-2 border-t p-3">
          <Textarea
            aria-label="Note"
            placeholder="What was it, what was done?"
            rows={2}
            maxLength={MOST}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          {add.error ? (
            <p role="alert" className="text-fail">
              {errorWords(add.error)}
            </p>
          ) : null}
          <Button type="submit" className="self-end" disabled={text.trim() === "" || add.isPending}>
            Add note
          </Button>
        </form>
      </Needs>
    </Panel>
  );
}
