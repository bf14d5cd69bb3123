import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { PeopleView } from "@/components/people/people-view";
import { readPeople } from "@/lib/auth/people-service";
import { peopleList } from "@/lib/auth/queries";
import { requireViewer } from "@/lib/auth/viewer";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage() {
  const { workspace } = await requireViewer("admin");
  const client = new QueryClient();
  await client.prefetchQuery({ ...peopleList(), queryFn: () => readPeople(workspace) });
  return (
    <Hydrated client={client}>
      <PeopleView />
    </Hydrated>
  );
}
