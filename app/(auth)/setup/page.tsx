import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SetupForm } from "@/components/start/setup-form";
import { readViewer } from "@/lib/auth/viewer";

export const metadata: Metadata = { title: "Set up" };

type Props = { searchParams: Promise<{ token?: string | string[] }> };

export default async function SetupPage({ searchParams }: Props) {
  const { token } = await searchParams;
  if (typeof token !== "string" && (await readViewer())) redirect("/");
  return <SetupForm token={typeof token === "string" ? token : null} />;
}
