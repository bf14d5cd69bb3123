import { redirect } from "next/navigation";
import { SETTINGS } from "@/components/shell/pages";
import { allows } from "@/lib/auth/roles";
import { requireViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams } from "@/lib/http/page-params";

/** The first of the settings that are for the viewer's role. */
export default async function SettingsPage(props: PageProps) {
  const { scopes } = await requireViewer();
  const first = SETTINGS.find(({ needs }) => allows(scopes, needs)) ?? SETTINGS[0];
  const query = (await pageParams(props)).toString();
  redirect(`${first.path}${query ? `?${query}` : ""}`);
}
