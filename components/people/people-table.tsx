"use client";
import { RoleSelect } from "@/components/people/role-select";
import { Ago } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { CELL, Head, WIDE } from "@/components/ui/cells";
import { cx } from "@/components/ui/cx";
import { Checkbox } from "@/components/ui/field";
import { Mark } from "@/components/ui/mark";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Tag } from "@/components/ui/tag";
import type { InvitationItem, PersonItem, PersonPatch } from "@/lib/auth/people-schema";
import { hidesContent, ROLE_WORDS } from "@/lib/auth/roles";
import { formatPlural, plain } from "@/lib/format";

type TableProps = {
  people: readonly PersonItem[];
  ownId: string | null;
  isBusy: boolean;
  onChange: (person: PersonItem, patch: PersonPatch) => void;
  onPassword: (person: PersonItem) => void;
  onFactor: (person: PersonItem) => void;
  onRemove: (person: PersonItem) => void;
};

/** Everybody who can sign in, and what they may do. */
export function PeopleTable({ people, ...acts }: TableProps) {
  return (
    <table aria-label="People" className="w-full border-t">
      <thead>
        <tr>
          <Head>Person</Head>
          <Head>Role</Head>
          <Head wide>Second factor</Head>
          <Head wide>Last seen</Head>
          <Head wide>Signed in</Head>
          <th scope="col" className="h-8 border-b px-3">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <Row key={person.id} person={person} {...acts} />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = Omit<TableProps, "people"> & { person: PersonItem };

function Row({ person, ownId, isBusy, onChange, onPassword, onFactor, onRemove }: RowProps) {
  const { id, name, email, role, may_open, last_seen_at, sessions, second_factor } = person;
  return (
    <tr className="group/row hover:bg-hover">
      <th scope="row" className={cx(CELL, "w-full text-left font-normal")}>
        <span className="flex flex-wrap items-center gap-x-2 font-medium">
          <span className="min-w-0 wrap-anywhere">{plain(name)}</span>
          {id === ownId ? <Tag>you</Tag> : null}
        </span>
        <p className="text-sm break-all text-ink-3">{email}</p>
        <p className="text-sm text-ink-3 md:hidden">
          <Seen at={last_seen_at} />
          {second_factor ? " · second factor" : null}
        </p>
      </th>
      <td className={cx(CELL, "whitespace-nowrap")}>
        <RoleSelect
          aria-label={`Role of ${name}`}
          quiet
          className="min-w-28"
          role={role}
          disabled={isBusy}
          onChange={(chosen) => onChange(person, { role: chosen })}
        />
        {hidesContent(role) ? (
          <Checkbox
            label="may open content"
            aria-label={`${name} may open content`}
            title="With a reason, for a time, and all of it in the audit log"
            className="mt-1 text-sm text-ink-2"
            checked={may_open}
            disabled={isBusy}
            onChange={(event) => onChange(person, { may_open: event.target.checked })}
          />
        ) : null}
      </td>
      <td className={cx(CELL, WIDE, "whitespace-nowrap")}>
        {second_factor ? (
          <Mark shape="check" tone="ok" word="on" />
        ) : (
          <Mark shape="ring" tone="quiet" word="off" />
        )}
      </td>
      <td className={cx(CELL, WIDE, "whitespace-nowrap text-ink-2")}>
        <Seen at={last_seen_at} />
      </td>
      <td className={cx(CELL, WIDE, "whitespace-nowrap text-ink-2")}>
        {formatPlural(sessions, "browser")}
      </td>
      <td className={cx(CELL, "text-right")}>
        <Menu
          label={`More about ${name}`}
          align="end"
          trigger={
            <Button size="sm" disabled={isBusy} aria-label={`More about ${name}`}>
              …
            </Button>
          }
        >
          <MenuItem onSelect={() => onPassword(person)}>Link for a new password</MenuItem>
          {second_factor ? (
            <MenuItem onSelect={() => onFactor(person)}>Reset the second factor…</MenuItem>
          ) : null}
          <MenuItem danger onSelect={() => onRemove(person)}>
            Remove…
          </MenuItem>
        </Menu>
      </td>
    </tr>
  );
}

function Seen({ at }: { at: string | null }) {
  return at ? <Ago at={at} /> : <span className="text-ink-3">signed out</span>;
}

/** Links that nobody has used yet. */
export function InvitationsTable({
  invitations,
  isBusy,
  onEnd,
}: {
  invitations: readonly InvitationItem[];
  isBusy: boolean;
  onEnd: (id: string) => void;
}) {
  return (
    <table aria-label="Open invitations" className="w-full border-t">
      <thead>
        <tr>
          <Head>Invited</Head>
          <Head>Role</Head>
          <Head wide>By</Head>
          <Head wide>Ends</Head>
          <th scope="col" className="h-8 border-b px-3">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {invitations.map(({ id, email, role, created_by, expires_at }) => (
          <tr key={id} className="group/row hover:bg-hover">
            <th scope="row" className={cx(CELL, "w-full text-left font-normal break-all")}>
              {email}
            </th>
            <td className={cx(CELL, "whitespace-nowrap")}>{ROLE_WORDS[role].name}</td>
            <td className={cx(CELL, WIDE, "whitespace-nowrap text-ink-2")}>{created_by}</td>
            <td className={cx(CELL, WIDE, "whitespace-nowrap text-ink-2")}>
              <Ago at={expires_at} />
            </td>
            <td className={cx(CELL, "text-right whitespace-nowrap")}>
              <Button size="sm" disabled={isBusy} onClick={() => onEnd(id)}>
                Take back<span className="sr-only"> the invitation of {email}</span>
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
