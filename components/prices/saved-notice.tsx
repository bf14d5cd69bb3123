import { Notice } from "@/components/ui/notice";
import type { Prices } from "@/lib/costs/prices-schema";

/** What a save has done, and what it has not. */
export function SavedNotice({ prices }: { prices: Prices }) {
  return (
    <Notice tone="ok" live>
      Saved as version {prices.number}. Sessions that begin or go on from now are priced with it;
      those that rest keep their price.
    </Notice>
  );
}
