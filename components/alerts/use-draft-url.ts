"use client";
import { useEffect } from "react";
import { useSettled } from "@/components/alerts/use-settled";
import { useUrlState } from "@/components/shell/scope";

/** What is typed and not saved stands in the URL under this name. */
export const DRAFT_PARAM = "draft";
const RESTED_MS = 500;

/** Keeps a link to the draft in the URL; null where it says nothing else than what is saved. */
export function useDraftUrl(link: string | null): void {
  const { params, set } = useUrlState();
  const settled = useSettled(link, RESTED_MS);
  const standing = params.get(DRAFT_PARAM);
  useEffect(() => {
    if (standing !== settled) set({ [DRAFT_PARAM]: settled }, { replace: true });
  }, [standing, settled, set]);
}
