"use client";
import { useQuery } from "@tanstack/react-query";
import { BrowsersTable } from "@/components/people/browsers-table";
import { PasswordForm } from "@/components/people/password-form";
import { SecondFactorPanel } from "@/components/people/second-factor-panel";
import { Panel, QueryState } from "@/components/shell/panel";
import { Facts } from "@/components/ui/facts";
import { ownAccount } from "@/lib/auth/queries";
import { ROLE_WORDS } from "@/lib/auth/roles";

/** One's own account: who one is here, the password, and where one is signed in. */
export function AccountView() {
  const query = useQuery(ownAccount());
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <h1 className="flex min-h-8 items-center text-lg font-semibold">Your account</h1>
      <QueryState
        query={query}
        what="Your account"
        height="min-h-80"
        empty={{
          when: ({ person }) => person === null,
          title: "You came in with an API key",
          children:
            "There is no person behind this browser. It stays signed in until the key ends, or you sign out.",
        }}
      >
        {({ person, browsers, second_factor }) =>
          person ? (
            <div className="flex flex-col gap-3">
              <Panel title={person.name}>
                <Facts
                  rows={[
                    ["E-mail", person.email],
                    ["Role", `${ROLE_WORDS[person.role].name}: ${ROLE_WORDS[person.role].may}`],
                  ]}
                />
              </Panel>
              <Panel title="Browsers" hint="signed in for 30 days each" flush>
                <BrowsersTable browsers={browsers} />
              </Panel>
              {person.has_password ? (
                <Panel title="Password" hint="all your other browsers are signed out by a change">
                  <PasswordForm email={person.email} />
                </Panel>
              ) : (
                <NoPassword />
              )}
              {second_factor && person.has_password ? (
                <SecondFactorPanel email={person.email} state={second_factor} />
              ) : null}
            </div>
          ) : null
        }
      </QueryState>
    </div>
  );
}

function NoPassword() {
  return (
    <Panel title="Password">
      <p className="max-w-prose text-ink-2">
        You have none here: you sign in with your organization, which also asks for a second factor
        where there is one. To have a password as well, ask for a link at{" "}
        <a href="/forgot" className="text-accent underline underline-offset-2">
          Password forgotten
        </a>
        , or have an administrator make you one.
      </p>
    </Panel>
  );
}
