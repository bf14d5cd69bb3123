import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInForm } from "@/components/start/sign-in-form";
import { readViewer } from "@/lib/auth/viewer";

export const metadata: Metadata = { title: "Sign in" };

type Props = { searchParams: Promise<{ error?: string | string[]; next?: string | string[] }> };

export default async function SignInPage({ searchParams }: Props) {
  const { error, next } = await searchParams;
  if (await readViewer()) redirect("/");
  return <SignInForm wrongKey={error === "key"} next={typeof next === "string" ? next : "/"} />;
}
