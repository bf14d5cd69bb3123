import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { AccountView } from "@/components/people/account-view";
import { readAccount } from "@/lib/auth/people-service";
import { ownAccount } from "@/lib/auth/queries";
import { requireViewer } from "@/lib/auth/viewer";
import { Hydrated } from "../hydrated";

export const metadata: Metadata = { title: "Your account" };

export default async function AccountPage() {
  const viewer = await requireViewer();
  const cookie = (await headers()).get("cookie");
  const client = new QueryClient();
  await client.prefetchQuery({ ...ownAccount(), queryFn: () => readAccount(viewer, cookie) });
  return (
    <Hydrated client={client}>
      <AccountView />
    </Hydrated>
  );
}
