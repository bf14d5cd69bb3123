"use client";
import { useQuery } from "@tanstack/react-query";
import { rulesList } from "@/lib/alerts/queries";

/** Gives rules' ids their names; undefined for one that is gone. */
export function useRuleName() {
  const rules = useQuery(rulesList()).data?.data ?? [];
  return (id: string) => rules.find((rule) => rule.id === id)?.name;
}
