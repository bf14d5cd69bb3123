"use client";
import { useQueryClient } from "@tanstack/react-query";
import { FILTERS, filterOf, isFiltered } from "@/components/rejected/filter";
import { useUrlState } from "@/components/shell/scope";

const NONE = Object.fromEntries([...FILTERS, "item"].map((name) => [name, null]));

/** What the page shows, as it stands in the URL: the filter, and the item that is open. */
export function useRejected() {
  const { params, set } = useUrlState();
  const client = useQueryClient();
  const filter = filterOf(params);
  const open = params.get("item");
  return {
    filter,
    filtered: isFiltered(filter),
    open,
    setFilter: (name: (typeof FILTERS)[number], value: string | null) =>
      set({ [name]: value, item: null }),
    clear: () => set(NONE),
    toggle: (id: string) => set({ item: open === id ? null : id }, { replace: true }),
    /** After an item left: everything but the item itself is another now. */
    gone: async (id: string) => {
      set({ item: null }, { replace: true });
      client.removeQueries({ queryKey: ["rejected", "item", id] });
      await client.invalidateQueries({ queryKey: ["rejected"] });
    },
  };
}
