import { redirect } from "next/navigation";
import { type PageProps, pageParams } from "@/lib/http/page-params";

/** The first of the settings. */
export default async function SettingsPage(props: PageProps) {
  const query = (await pageParams(props)).toString();
  redirect(`/settings/connections${query ? `?${query}` : ""}`);
}
