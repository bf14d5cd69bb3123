import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { PeopleView } from "@/components/people/people-view";
import { BreakGlassQuery } from "@/lib/auth/break-glass-schema";
import { listBreakGlasses } from "@/lib/auth/break-glass-store";
import { readPeople } from "@/lib/auth/people-service";
import { breakGlasses, peopleList, signInSettings } from "@/lib/auth/queries";
import { readSignInSettings } from "@/lib/auth/second-factor-store";
import { requireViewer } from "@/lib/auth/viewer";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage() {
  const { workspace } = await requireViewer("admin");
  const client = new QueryClient();
  const first = BreakGlassQuery.parse({});
  await Promise.all([
    client.prefetchQuery({ ...peopleList(), queryFn: () => readPeople(workspace) }),
    client.prefetchQuery({ ...signInSettings(), queryFn: () => readSignInSettings(workspace) }),
    client.prefetchInfiniteQuery({
      ...breakGlasses(),
      queryFn: () => listBreakGlasses({ workspace, now: new Date() }, first),
    }),
  ]);
  return (
    <Hydrated client={client}>
      <PeopleView />
    </Hydrated>
  );
}
