import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Providers } from "@/components/shell/providers";
import { RequiredFactor } from "@/components/start/required-factor";
import { localPath } from "@/lib/auth/origin";
import { readViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams, readerZone } from "@/lib/http/page-params";

export const metadata: Metadata = { title: "Set up a second factor" };

export default async function SecondFactorPage(props: PageProps) {
  const next = localPath((await pageParams(props)).get("next"));
  const viewer = await readViewer();
  if (!viewer?.isHeld) redirect(viewer ? next : `/sign-in?${new URLSearchParams({ next })}`);
  const { person, scopes, breakGlass } = viewer;
  return (
    <Providers tz={await readerZone()} nowMs={Date.now()} viewer={{ person, scopes, breakGlass }}>
      <RequiredFactor next={next} email={person?.email ?? ""} />
    </Providers>
  );
}
