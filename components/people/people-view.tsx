"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { BreakGlassPanel } from "@/components/people/break-glass-panel";
import { InviteForm } from "@/components/people/invite-form";
import { InvitationsTable, PeopleTable } from "@/components/people/people-table";
import { DemoteDialog, RemoveDialog, ResetFactorDialog } from "@/components/people/person-dialogs";
import { RequirementPanel } from "@/components/people/requirement-panel";
import { ShownOnce, useShown } from "@/components/people/shown-once";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { useViewer } from "@/components/shell/viewer";
import type { PersonItem, PersonPatch } from "@/lib/auth/people-schema";
import { changePerson, endInvitation, makePasswordLink, peopleList } from "@/lib/auth/queries";
import type { Role } from "@/lib/auth/roles";

/** Who can sign in, with which role, and the way for others to come in. */
export function PeopleView() {
  const query = useQuery(peopleList());
  const ownId = useViewer().person?.id ?? null;
  const [shown, setShown] = useShown();
  const [leaving, setLeaving] = useState<PersonItem | null>(null);
  const [demoted, setDemoted] = useState<{ person: PersonItem; role: Role } | null>(null);
  const [locked, setLocked] = useState<PersonItem | null>(null);
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: ["auth"] });
  const change = useMutation({ mutationFn: changePerson, onSettled });
  const end = useMutation({ mutationFn: endInvitation, onSettled });
  const link = useMutation({
    mutationFn: ({ id }: PersonItem) => makePasswordLink(id),
    onSuccess: (made, { email }) =>
      setShown({
        title: `By this link ${email} sets a new password`,
        text: `${window.location.origin}${made.link}`,
        until: made.expires_at,
      }),
  });
  const changeOrAsk = (person: PersonItem, patch: PersonPatch) => {
    const { role } = patch;
    const isLeaving = person.role === "admin" && role !== undefined && role !== "admin";
    if (isLeaving && person.keys > 0) setDemoted({ person, role });
    else change.mutate({ id: person.id, ...patch });
  };
  const error = change.error ?? end.error ?? link.error;
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <h1 className="flex min-h-8 items-center text-lg font-semibold">People</h1>
      {shown ? <ShownOnce {...shown} onClose={() => setShown(null)} /> : null}
      {error ? (
        <p role="alert" className="text-fail">
          {errorWords(error)}
        </p>
      ) : null}
      <Panel title="Invite somebody" hint="the link works once">
        <InviteForm onMade={setShown} />
      </Panel>
      <Panel title="People" hint="a role counts from the next request on" flush>
        <QueryState
          query={query}
          what="The people"
          height="min-h-32"
          empty={{
            when: ({ data }) => data.length === 0,
            title: "Nobody has signed up yet",
            children:
              "You came in with an API key. Invite yourself to have an account of your own.",
          }}
        >
          {({ data }) => (
            <PeopleTable
              people={data}
              ownId={ownId}
              isBusy={change.isPending}
              onChange={changeOrAsk}
              onPassword={(person) => link.mutate(person)}
              onFactor={setLocked}
              onRemove={setLeaving}
            />
          )}
        </QueryState>
      </Panel>
      {query.data && query.data.invitations.length > 0 ? (
        <Panel title="Open invitations" flush>
          <InvitationsTable
            invitations={query.data.invitations}
            isBusy={end.isPending}
            onEnd={(id) => end.mutate(id)}
          />
        </Panel>
      ) : null}
      <BreakGlassPanel />
      <RequirementPanel people={query.data?.data ?? []} />
      {leaving ? <RemoveDialog person={leaving} onClose={() => setLeaving(null)} /> : null}
      {demoted ? <DemoteDialog {...demoted} onClose={() => setDemoted(null)} /> : null}
      {locked ? <ResetFactorDialog person={locked} onClose={() => setLocked(null)} /> : null}
    </div>
  );
}
