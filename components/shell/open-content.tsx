"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { LockOpen } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState } from "react";
import { errorWords } from "@/components/shell/panel";
import { useViewer } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Select, Textarea } from "@/components/ui/field";
import { BREAK_GLASS_MINUTES } from "@/lib/auth/break-glass";
import { openContent } from "@/lib/auth/queries";

const WORDS: Record<(typeof BREAK_GLASS_MINUTES)[number], string> = {
  15: "15 minutes",
  60: "an hour",
  240: "four hours",
};

/** Where content is hidden, for whom an admin lets open it: the way to do so. */
export function OpenContent({ size }: { size?: "sm" }) {
  const { breakGlass } = useViewer();
  const [asking, setAsking] = useState(false);
  if (breakGlass === null || breakGlass.open !== null) return null;
  return (
    <>
      <Button size={size} onClick={() => setAsking(true)}>
        <LockOpen size={14} aria-hidden />
        Open content…
      </Button>
      {asking ? <OpenDialog onClose={() => setAsking(false)} /> : null}
    </>
  );
}

function OpenDialog({ onClose }: { onClose: () => void }) {
  const form = useId();
  const router = useRouter();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [minutes, setMinutes] = useState<(typeof BREAK_GLASS_MINUTES)[number]>(15);
  const open = useMutation({
    mutationFn: openContent,
    onSuccess: async () => {
      router.refresh();
      await client.invalidateQueries();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    open.mutate({ reason, minutes });
  };
  return (
    <Dialog
      open
      onOpenChange={(stays) => (stays ? null : onClose())}
      title="Open content"
      description="You see what sessions said and did until the time is over. Your reason and all that you look at are kept in the audit log, and administrators see them."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" disabled={open.isPending}>
            Open content
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-3">
        <Field label="Reason" hint="at least 10 characters, such as a ticket and what for">
          {(p) => (
            <Textarea
              {...p}
              rows={3}
              required
              minLength={10}
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <Field label="For" className="w-40">
          {(p) => (
            <Select
              {...p}
              value={minutes}
              onChange={({ target }) =>
                setMinutes(BREAK_GLASS_MINUTES.find((one) => `${one}` === target.value) ?? 15)
              }
            >
              {BREAK_GLASS_MINUTES.map((one) => (
                <option key={one} value={one}>
                  {WORDS[one]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {open.error ? (
          <p role="alert" className="text-fail">
            {errorWords(open.error)}
          </p>
        ) : null}
      </form>
    </Dialog>
  );
}
