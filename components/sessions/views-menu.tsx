"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { errorWords } from "@/components/shell/panel";
import { Needs } from "@/components/shell/viewer";
import { Button, IconButton } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Popover } from "@/components/ui/popover";
import { Skeleton } from "@/components/ui/skeleton";
import { plain } from "@/lib/format";
import { deleteView, saveView } from "@/lib/sessions/list-queries";
import { savedViews } from "@/lib/sessions/queries";

/** What a room calls its views. */
const WORDS = {
  sessions: { title: "Views", empty: "No saved views yet. Set filters, then save them here." },
  whatif: { title: "Scenarios", empty: "No saved scenario yet. Set terms, then save them here." },
} as const;

type ViewsMenuProps = {
  room: keyof typeof WORDS;
  /** The page's query string as it stands. */
  query: string;
  onOpen: (query: string) => void;
};

/** What a page shows under a name, shared by everybody in the workspace. */
export function ViewsMenu({ room, query, onOpen }: ViewsMenuProps) {
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const views = useQuery({ ...savedViews(room), enabled: open });
  const invalidate = () => client.invalidateQueries({ queryKey: ["sessions", "views"] });
  const save = useMutation({ mutationFn: saveView, onSuccess: invalidate });
  const remove = useMutation({ mutationFn: deleteView, onSuccess: invalidate });
  const error = save.error ?? remove.error ?? views.error;
  return (
    <Popover
      label={`Saved ${WORDS[room].title.toLowerCase()}`}
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="w-72"
      trigger={
        <Button className="font-normal">
          <Bookmark size={14} aria-hidden />
          {WORDS[room].title}
        </Button>
      }
    >
      <ul className="flex max-h-72 flex-col overflow-auto p-1">
        {views.isPending ? <Skeleton className="m-2 h-4" /> : null}
        {views.data?.data.map((view) => (
          <li key={view.id} className="flex items-center rounded-md hover:bg-hover">
            <button
              type="button"
              aria-current={view.query === query ? "true" : undefined}
              className="h-8 min-w-0 flex-1 truncate rounded-md px-2 text-left -outline-offset-2 aria-[current]:font-medium"
              onClick={() => {
                onOpen(view.query);
                setOpen(false);
              }}
            >
              {plain(view.name)}
            </button>
            <Needs scope="write">
              <IconButton
                label={`Delete the view ${view.name}`}
                size="sm"
                onClick={() => remove.mutate(view.id)}
              >
                <Trash2 size={14} aria-hidden />
              </IconButton>
            </Needs>
          </li>
        ))}
        {views.data?.data.length === 0 ? (
          <li className="px-2 py-2 text-ink-3">{WORDS[room].empty}</li>
        ) : null}
      </ul>
      <Needs scope="write">
        <SaveForm
          pending={save.isPending}
          onSave={(name, done) => save.mutate({ room, name, query }, { onSuccess: done })}
          error={error ? errorWords(error) : null}
        />
      </Needs>
    </Popover>
  );
}

type SaveFormProps = {
  pending: boolean;
  onSave: (name: string, done: () => void) => void;
  error: string | null;
};

function SaveForm({ pending, onSave, error }: SaveFormProps) {
  const [name, setName] = useState("");
  function submit(event: FormEvent) {
    event.preventDefault();
    if (name.trim() !== "") onSave(name.trim(), () => setName(""));
  }
  return (
    <form onSubmit={submit} className="flex items-end gap-2 border-t p-3">
      <Field label="Save what is shown as" error={error} className="flex-1">
        {(p) => (
          <Input
            {...p}
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" disabled={pending || name.trim() === ""}>
        Save
      </Button>
    </form>
  );
}
