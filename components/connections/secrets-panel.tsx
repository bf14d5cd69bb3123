"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorWords, Panel } from "@/components/shell/panel";
import { Time } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { changeConnection } from "@/lib/connections/queries";
import type { ConnectionItem } from "@/lib/connections/schema";
import { ApiError } from "@/lib/http/client";

type Secret = ConnectionItem["webhook_secrets"][number];
const SECRET = /^whsec_[A-Za-z0-9+/]{24,}={0,2}$/;

/** The signing secrets that count: to rotate, the new one is added first and the old one removed once nothing comes with it. */
export function SecretsPanel({ item }: { item: ConnectionItem }) {
  const [leaving, setLeaving] = useState<Secret | null>(null);
  const hints = item.webhook_secrets.map(({ hint }) => hint);
  const change = useChange(item.id);
  return (
    <Panel title="Signing secrets" hint="any of them is good; none is ever shown">
      <div className="flex flex-col gap-3">
        {item.webhook_secrets.length === 0 ? (
          <p className="text-ink-2">None yet: every delivery is refused.</p>
        ) : (
          <ul aria-label="Signing secrets" className="flex flex-col">
            {item.webhook_secrets.map((secret) => (
              <li
                key={`${secret.hint} ${secret.added_at}`}
                className="flex min-h-9 items-center gap-3 border-b last:border-b-0"
              >
                <code className="font-mono">{secret.hint}</code>
                <span className="mr-auto text-sm text-ink-3">
                  added <Time at={secret.added_at} />
                </span>
                <Button
                  size="sm"
                  aria-label={`Remove the secret ${secret.hint}`}
                  onClick={() => setLeaving(secret)}
                >
                  Remove
                </Button>
              </li>
            ))}
          </ul>
        )}
        <AddSecret id={item.id} hints={hints} />
      </div>
      <Dialog
        open={leaving !== null}
        onOpenChange={(open) => (open ? null : setLeaving(null))}
        title={`Remove the secret ${leaving?.hint}?`}
        description={
          hints.length === 1
            ? "It is the only one: every delivery is refused from then on."
            : "Deliveries that are signed with it are refused from then on."
        }
        footer={
          <>
            <Button onClick={() => setLeaving(null)}>Keep it</Button>
            <Button
              variant="danger"
              disabled={change.isPending}
              onClick={() =>
                change.mutate(
                  hints.filter((hint) => hint !== leaving?.hint),
                  { onSuccess: () => setLeaving(null) },
                )
              }
            >
              Remove secret
            </Button>
          </>
        }
      >
        {change.error ? (
          <p role="alert" className="text-fail">
            {errorWords(change.error)}
          </p>
        ) : null}
      </Dialog>
    </Panel>
  );
}

function useChange(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (webhook_secrets: string[]) => changeConnection(id, { webhook_secrets }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["connections"] }),
  });
}

function AddSecret({ id, hints }: { id: string; hints: readonly string[] }) {
  const [secret, setSecret] = useState("");
  const change = useChange(id);
  const typed = secret.trim();
  const isWrong = typed !== "" && !SECRET.test(typed);
  const told = change.error instanceof ApiError ? change.error.issues[0]?.message : undefined;
  const add = (event: FormEvent) => {
    event.preventDefault();
    change.mutate([typed, ...hints], { onSuccess: () => setSecret("") });
  };
  return (
    <form onSubmit={add} className="flex items-start gap-2">
      <Field
        label="New signing secret"
        hint="as the Console shows it once; stored encrypted"
        error={
          isWrong
            ? "expected whsec_ and base64, as the Console shows it"
            : change.error
              ? (told ?? errorWords(change.error))
              : null
        }
        className="flex-1"
      >
        {(props) => (
          <Input
            {...props}
            type="password"
            autoComplete="off"
            placeholder="whsec_…"
            value={secret}
            onChange={(event) => {
              change.reset();
              setSecret(event.target.value);
            }}
          />
        )}
      </Field>
      <Button type="submit" className="mt-5" disabled={typed === "" || isWrong || change.isPending}>
        Add secret
      </Button>
    </form>
  );
}
