"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Select } from "@/components/ui/field";
import type { KeysOfLeaver, PersonItem } from "@/lib/auth/people-schema";
import { changePerson, removePerson, resetSecondFactor } from "@/lib/auth/queries";
import { ROLE_WORDS, type Role } from "@/lib/auth/roles";
import { formatPlural } from "@/lib/format";

type Props = { person: PersonItem; onClose: () => void };

export function RemoveDialog({ person, onClose }: Props) {
  const [keys, setKeys] = useState<Keys>();
  return (
    <Sure
      title={`Remove ${person.name}?`}
      about={`${person.email} is signed out everywhere at once and cannot come in any more. Links that they wrote and nobody has used end. What else they made stays.`}
      verb="Remove"
      isReady={person.keys === 0 || keys !== undefined}
      act={() => removePerson({ id: person.id, keys })}
      onClose={onClose}
    >
      <KeysField {...{ person, keys, onChange: setKeys }} />
    </Sure>
  );
}

/** For an admin who is to be one no more and has made API keys. */
export function DemoteDialog({ person, role, onClose }: Props & { role: Role }) {
  const [keys, setKeys] = useState<Keys>();
  return (
    <Sure
      title={`Change ${person.name} from ${ROLE_WORDS[person.role].name} to ${ROLE_WORDS[role].name}?`}
      about="Links that they wrote and nobody has used end."
      verb="Change"
      isReady={keys !== undefined}
      act={() => changePerson({ id: person.id, role, keys })}
      onClose={onClose}
    >
      <KeysField {...{ person, keys, onChange: setKeys }} />
    </Sure>
  );
}

type Keys = KeysOfLeaver["keys"];
type KeysFieldProps = { person: PersonItem; keys: Keys; onChange: (keys: Keys) => void };

/** Programs may stand on a key, and whoever made it may still have it: somebody has to say. */
function KeysField({ person, keys, onChange }: KeysFieldProps) {
  if (person.keys === 0) return null;
  const made = formatPlural(person.keys, "API key");
  return (
    <Field
      label={`They made ${made} in use`}
      hint="Whoever made a key may still have it. Settings → API keys says which they are."
    >
      {(props) => (
        <Select
          {...props}
          value={keys ?? ""}
          onChange={(event) => onChange((event.target.value || undefined) as Keys)}
        >
          <option value="">choose what becomes of them…</option>
          <option value="revoke">revoke: programs that use them are refused at once</option>
          <option value="keep">keep: they go on working</option>
        </Select>
      )}
    </Field>
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
  isReady?: boolean;
  act: () => Promise<unknown>;
  onClose: () => void;
  children?: ReactNode;
};

function Sure({ title, about, verb, isReady = true, act, onClose, children }: SureProps) {
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
          <Button
            variant="danger"
            disabled={acting.isPending || !isReady}
            onClick={() => acting.mutate()}
          >
            {verb}
          </Button>
        </>
      }
    >
      {children}
      {acting.error ? (
        <p role="alert" className="text-fail">
          {errorWords(acting.error)}
        </p>
      ) : null}
    </Dialog>
  );
}
