"use client";
import { useMutation } from "@tanstack/react-query";
import { useSaved } from "@/components/prices/use-saved";
import { errorWords } from "@/components/shell/panel";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { readTerms, savePrices } from "@/lib/costs/prices-queries";
import type { Prices } from "@/lib/costs/prices-schema";

type RestoreButtonProps = {
  /** The version whose terms shall hold again; 0 is the list alone. */
  number: number;
  current: number;
  onRestored: (prices: Prices) => void;
  label?: string;
};

/** Saves an earlier version again as a new one. */
export function RestoreButton(props: RestoreButtonProps) {
  const { number, current, onRestored, label = "Make it hold again" } = props;
  const saved = useSaved();
  const restore = useMutation({
    mutationFn: async () =>
      savePrices({
        based_on: current,
        terms: await readTerms(number),
        note: number === 0 ? "The list alone again" : `Version ${number} again`,
      }),
    onSuccess: async (prices) => {
      await saved(prices);
      onRestored(prices);
    },
  });
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Needs scope="admin">
        <Button size="sm" disabled={restore.isPending} onClick={() => restore.mutate()}>
          {restore.isPending ? "Saving…" : label}
        </Button>
      </Needs>
      {restore.error ? (
        <span role="alert" className="text-fail">
          {errorWords(restore.error)}
        </span>
      ) : null}
    </span>
  );
}
