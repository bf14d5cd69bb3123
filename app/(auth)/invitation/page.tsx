import type { Metadata } from "next";
import { DeadLink, InvitationForm } from "@/components/start/link-forms";
import { readInvitation } from "@/lib/auth/link-service";
import { type PageProps, pageParams } from "@/lib/http/page-params";

export const metadata: Metadata = { title: "Invitation" };

export default async function InvitationPage(props: PageProps) {
  const params = await pageParams(props);
  const token = params.get("token") ?? "";
  const invitation = await readInvitation(token);
  if (!invitation) return <DeadLink />;
  const [error, name] = [params.get("error"), params.get("name") ?? ""];
  return <InvitationForm token={token} error={error} name={name} {...invitation} />;
}
