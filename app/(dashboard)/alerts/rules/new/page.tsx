import type { Metadata } from "next";
import { NewRuleView } from "@/components/alerts/new-rule-view";
import { requireViewer } from "@/lib/auth/viewer";

export const metadata: Metadata = { title: "New rule" };

export default async function NewRulePage() {
  await requireViewer("write");
  return <NewRuleView />;
}
