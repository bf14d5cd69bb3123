"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { createConnection, testConnection, type Wish } from "@/lib/connections/queries";
import type { ConnectionItem } from "@/lib/connections/schema";
import { ApiError } from "@/lib/http/client";

const PUBLIC_API = "https://api.anthropic.com";

/** Tries the key before it is stored, so that a wrong one is told here and not later. */
export function ConnectForm({
  onBegin,
  onDone,
}: {
  onBegin?: () => void;
  onDone: (made: ConnectionItem) => void;
}) {
  const [wish, setWish] = useState<Wish>({ name: "", base_url: PUBLIC_API, api_key: "" });
  const client = useQueryClient();
  const connect = useMutation({
    mutationFn: async () => {
      const seen = await testConnection(wish);
      if (!seen.ok) throw new ApiError(400, { error: { code: "invalid", message: seen.message } });
      return createConnection({ ...wish, name: wish.name.trim() || new URL(wish.base_url).host });
    },
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["connections"] });
      onDone(made);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    connect.mutate();
  };
  const field = (name: keyof Wish) => ({
    value: wish[name],
    onChange: (event: { target: { value: string } }) =>
      setWish({ ...wish, [name]: event.target.value }),
  });
  const issue = (name: keyof Wish) =>
    connect.error instanceof ApiError
      ? connect.error.issues.find(({ path }) => path === name)?.message
      : undefined;
  return (
    // Begun, it stays until it is done, whatever others connect meanwhile.
    <form onSubmit={submit} onFocus={onBegin} className="flex flex-col gap-3">
      <Field
        label="API key"
        hint="of the workspace; stored encrypted, never shown again"
        error={issue("api_key") ?? null}
      >
        {(props) => (
          <Input {...props} {...field("api_key")} type="password" autoComplete="off" required />
        )}
      </Field>
      <Field
        label="Name"
        hint="for people here; left out, the address"
        error={issue("name") ?? null}
      >
        {(props) => <Input {...props} {...field("name")} maxLength={100} />}
      </Field>
      <Field
        label="Address"
        hint="another one for a self-hosted installation"
        error={issue("base_url") ?? null}
      >
        {(props) => <Input {...props} {...field("base_url")} type="url" required />}
      </Field>
      <Button type="submit" variant="primary" className="self-start" disabled={connect.isPending}>
        {connect.isPending ? "Trying the key…" : "Connect"}
      </Button>
      {connect.error ? (
        <p role="alert" className="text-fail">
          {errorWords(connect.error)}
        </p>
      ) : null}
    </form>
  );
}
