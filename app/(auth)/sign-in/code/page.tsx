import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { CodeForm } from "@/components/start/code-form";
import { readStepOwner } from "@/lib/auth/step-service";
import { type PageProps, pageParams } from "@/lib/http/page-params";

export const metadata: Metadata = { title: "Enter a code" };

export default async function CodePage(props: PageProps) {
  const params = await pageParams(props);
  const next = params.get("next") ?? "/";
  const owner = await readStepOwner((await headers()).get("cookie"));
  if (!owner) redirect(`/sign-in?${new URLSearchParams({ error: "over", next })}`);
  return (
    <CodeForm
      next={next}
      email={owner.person.email}
      withBackup={params.get("with") === "backup"}
      error={params.get("error")}
      minutes={params.get("minutes") ?? ""}
    />
  );
}
