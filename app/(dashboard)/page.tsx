import type { Metadata } from "next";
import { StartView } from "@/components/start/start-view";
import { requireViewer } from "@/lib/auth/viewer";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  await requireViewer();
  return <StartView first={true} />;
}
