"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Shown } from "@/components/people/shown-once";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Select } from "@/components/ui/field";
import type { KeyItem } from "@/lib/auth/keys-schema";
import { rotateKey } from "@/lib/auth/queries";

const OVERLAPS = [
  { hours: 0, label: "not at all" },
  { hours: 1, label: "an hour" },
  { hours: 24, label: "a day" },
  { hours: 168, label: "a week" },
];

type Props = { item: KeyItem; onClose: () => void; onMade: (shown: Shown) => void };

/** A new key in the place of one, which stays good for a while so that nothing stands still. */
export function RotateDialog({ item, onClose, onMade }: Props) {
  const [hours, setHours] = useState(24);
  const client = useQueryClient();
  const rotate = useMutation({
    mutationFn: rotateKey,
    onSuccess: ({ key, expires_at }) => {
      onMade({ title: `The new key of ${item.name}`, text: key, until: expires_at });
      onClose();
      return client.invalidateQueries({ queryKey: ["auth"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate({ id: item.id, hours });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? null : onClose())}
      title={`Rotate ${item.name}`}
      description="The new key may do the same. Put it where the old one is used before that ends."
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Field label="The old key stays good for">
          {(p) => (
            <Select {...p} value={hours} onChange={(event) => setHours(Number(event.target.value))}>
              {OVERLAPS.map((overlap) => (
                <option key={overlap.hours} value={overlap.hours}>
                  {overlap.label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {rotate.error ? (
          <p role="alert" className="text-fail">
            {errorWords(rotate.error)}
          </p>
        ) : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={rotate.isPending}>
            Make the new key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
