import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInForm } from "@/components/start/sign-in-form";
import { readViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams } from "@/lib/http/page-params";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage(props: PageProps) {
  const params = await pageParams(props);
  if (await readViewer()) redirect("/");
  return (
    <SignInForm
      next={params.get("next") ?? "/"}
      email={params.get("email") ?? ""}
      withKey={params.get("with") === "key"}
      error={params.get("error")}
      minutes={params.get("minutes") ?? ""}
    />
  );
}
