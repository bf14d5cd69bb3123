"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { PersonItem } from "@/lib/auth/people-schema";
import { removePerson, resetSecondFactor } from "@/lib/auth/queries";

type Props = { person: PersonItem; onClose: () => void };

export function RemoveDialog({ person, onClose }: Props) {
  return (
    <Sure
      title={`Remove ${person.name}?`}
      about={`${person.email} is signed out everywhere at once and cannot come in any more. What they made stays.`}
      verb="Remove"
      act={() => removePerson(person.id)}
      onClose={onClose}
    />
  );
}

/** For somebody who has lost both the app and the backup codes. */
export function ResetFactorDialog({ person, onClose }: Props) {
  return (
    <Sure
      title={`Reset the second factor of ${person.name}?`}
      about={`The password of ${person.email} alone lets in from then on, until they set up another. Make sure that it is really them who ask.`}
      verb="Reset"
      act={() => resetSecondFactor(person.id)}
      onClose={onClose}
    />
  );
}

type SureProps = {
  title: string;
  about: string;
  verb: string;
  act: () => Promise<void>;
  onClose: () => void;
};

function Sure({ title, about, verb, act, onClose }: SureProps) {
  const client = useQueryClient();
  const acting = useMutation({
    mutationFn: act,
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: ["auth"] });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? null : onClose())}
      title={title}
      description={about}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" disabled={acting.isPending} onClick={() => acting.mutate()}>
            {verb}
          </Button>
        </>
      }
    >
      {acting.error ? (
        <p role="alert" className="text-fail">
          {errorWords(acting.error)}
        </p>
      ) : null}
    </Dialog>
  );
}
