import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SetupForm } from "@/components/start/setup-form";
import { readViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams } from "@/lib/http/page-params";

export const metadata: Metadata = { title: "Set up" };

export default async function SetupPage(props: PageProps) {
  const params = await pageParams(props);
  const token = params.get("token");
  if (token === null && (await readViewer())) redirect("/");
  return (
    <SetupForm
      token={token}
      error={params.get("error")}
      email={params.get("email") ?? ""}
      name={params.get("name") ?? ""}
    />
  );
}
