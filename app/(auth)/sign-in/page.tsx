import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInForm } from "@/components/start/sign-in-form";
import { readViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { providerOf } from "@/lib/oidc/provider-service";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage(props: PageProps) {
  const params = await pageParams(props);
  if (await readViewer()) redirect("/");
  return (
    <SignInForm
      next={params.get("next") ?? "/"}
      email={params.get("email") ?? ""}
      provider={providerOf()?.name ?? null}
      withKey={params.get("with") === "key"}
      error={params.get("error")}
      minutes={params.get("minutes") ?? ""}
    />
  );
}
