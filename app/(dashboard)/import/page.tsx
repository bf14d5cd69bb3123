import type { Metadata } from "next";
import { StartView } from "@/components/start/start-view";
import { requireViewer } from "@/lib/auth/viewer";

export const metadata: Metadata = { title: "Import" };

export default async function ImportPage() {
  await requireViewer("ingest");
  return <StartView first={false} />;
}
