import type { Metadata } from "next";
import { DeadLink, NewPasswordForm } from "@/components/start/link-forms";
import { readPasswordLink } from "@/lib/auth/link-service";
import { type PageProps, pageParams } from "@/lib/http/page-params";

export const metadata: Metadata = { title: "New password" };

export default async function NewPasswordPage(props: PageProps) {
  const params = await pageParams(props);
  const token = params.get("token") ?? "";
  const link = await readPasswordLink(token);
  if (!link) return <DeadLink />;
  return <NewPasswordForm token={token} error={params.get("error")} email={link.email} />;
}
