"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { RoleSelect } from "@/components/people/role-select";
import type { Shown } from "@/components/people/shown-once";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Field, Input, Select } from "@/components/ui/field";
import { invitePerson } from "@/lib/auth/queries";
import { ROLE_WORDS, type Role } from "@/lib/auth/roles";

const LASTS = [
  { hours: 24, label: "a day" },
  { hours: 72, label: "three days" },
  { hours: 168, label: "a week" },
  { hours: 720, label: "30 days" },
];

/** A link for somebody new: for which address, with which role, for how long. */
export function InviteForm({ onMade }: { onMade: (shown: Shown) => void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [hours, setHours] = useState(72);
  const client = useQueryClient();
  const invite = useMutation({
    mutationFn: invitePerson,
    onSuccess: ({ link, expires_at }) => {
      onMade({
        title: `Send this link to ${email}`,
        text: `${window.location.origin}${link}`,
        until: expires_at,
      });
      setEmail("");
      return client.invalidateQueries({ queryKey: ["auth"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ email, role, expires_in_hours: hours });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-3">
        <Field label="E-mail" className="w-72 max-w-full">
          {(p) => (
            <Input
              {...p}
              type="email"
              required
              autoComplete="off"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label="Role" className="w-36">
          {(p) => <RoleSelect {...p} role={role} onChange={setRole} />}
        </Field>
        <Field label="The link lasts" className="w-32">
          {(p) => (
            <Select {...p} value={hours} onChange={(event) => setHours(Number(event.target.value))}>
              {LASTS.map((item) => (
                <option key={item.hours} value={item.hours}>
                  {item.label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button type="submit" variant="primary" disabled={invite.isPending}>
          Make an invitation
        </Button>
      </div>
      <p className="text-sm text-ink-3">
        {ROLE_WORDS[role].name}: {ROLE_WORDS[role].may}.
      </p>
      {invite.error ? (
        <p role="alert" className="text-fail">
          {errorWords(invite.error)}
        </p>
      ) : null}
    </form>
  );
}
