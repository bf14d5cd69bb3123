import type { Metadata } from "next";
import { ForgotForm } from "@/components/start/forgot-form";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { canMail } from "@/lib/notify/password-mail-service";

export const metadata: Metadata = { title: "Password forgotten" };

export default async function ForgotPage(props: PageProps) {
  const params = await pageParams(props);
  return <ForgotForm canMail={await canMail()} isSent={params.get("sent") !== null} />;
}
