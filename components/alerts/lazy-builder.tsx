"use client";
import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";

/** The form of a rule is as large as the page around it: it comes after it. */
export const RuleBuilder = dynamic(
  () => import("@/components/alerts/rule-builder").then((module) => module.RuleBuilder),
  { ssr: false, loading: () => <Skeleton className="h-[60vh] rounded-lg" /> },
);
