"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { Segmented } from "@/components/ui/segmented";
import type { PersonItem } from "@/lib/auth/people-schema";
import { saveSignInSettings, signInSettings } from "@/lib/auth/queries";
import { isRequiredOf, type Requirement } from "@/lib/auth/second-factor";

const CHOICES: { value: Requirement; label: string }[] = [
  { value: "nobody", label: "Nobody" },
  { value: "admins", label: "Admins" },
  { value: "everybody", label: "Everybody" },
];

/** Of whom a second factor is required, and how many of those have none yet. */
export function RequirementPanel({ people }: { people: readonly PersonItem[] }) {
  const query = useQuery(signInSettings());
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (second_factor: Requirement) => saveSignInSettings({ second_factor }),
    onSettled: () => client.invalidateQueries({ queryKey: ["auth"] }),
  });
  return (
    <Panel title="Second factor" hint="who has to give a code beside the password">
      <QueryState query={query} what="What signing in takes" height="min-h-8">
        {({ second_factor }) => (
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Segmented
              label="Required of"
              value={save.isPending ? save.variables : second_factor}
              options={CHOICES}
              onChange={(chosen) => save.mutate(chosen)}
            />
            <p className="min-w-0 flex-1 basis-60 text-ink-2">
              {requirementWords(people, second_factor)}
            </p>
          </div>
        )}
      </QueryState>
      {save.error ? (
        <p role="alert" className="mt-2 text-fail">
          {errorWords(save.error)}
        </p>
      ) : null}
    </Panel>
  );
}

function requirementWords(people: readonly PersonItem[], requirement: Requirement): string {
  if (requirement === "nobody") return "Each decides for themselves, under Your account.";
  const missing = people.filter(
    ({ role, second_factor }) => !second_factor && isRequiredOf(role, requirement),
  );
  if (missing.length === 0) return "All of them have one. Who is new sets it up first.";
  const names = missing.map(({ name }) => name).join(", ");
  const rest = missing.length === 1 ? "has none yet, and sets" : "have none yet, and set";
  return `${names} ${rest} it up before anything else.`;
}
