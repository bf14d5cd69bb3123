"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { PriceTable } from "@/components/prices/price-table";
import { RepricePanel } from "@/components/prices/reprice-panel";
import { SavedNotice } from "@/components/prices/saved-notice";
import { TermsPanel } from "@/components/prices/terms-panel";
import { UnpricedPanel } from "@/components/prices/unpriced-panel";
import { VersionsPanel } from "@/components/prices/versions-panel";
import { QueryState } from "@/components/shell/panel";
import { useUrlState } from "@/components/shell/scope";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { priceBook } from "@/lib/costs/prices-queries";
import type { Prices } from "@/lib/costs/prices-schema";

const TermsForm = dynamic(
  () => import("@/components/prices/terms-form").then((module) => module.TermsForm),
  { ssr: false, loading: () => <Skeleton className="h-160 rounded-lg" /> },
);

/** What tokens, running time and searches cost here, since when, and who has said so. */
export function PricesView() {
  const query = useQuery(priceBook());
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <QueryState query={query} what="The prices" height="min-h-[60vh]">
        {(prices) => <Loaded prices={prices} />}
      </QueryState>
    </div>
  );
}

function Loaded({ prices }: { prices: Prices }) {
  const { params, set } = useUrlState();
  const [saved, setSaved] = useState<Prices | null>(null);
  const add = params.get("add");
  const isEditing = add !== null || params.get("edit") === "yes";
  const close = () => set({ edit: null, add: null }, { replace: true });
  return (
    <div className="flex flex-col gap-3">
      <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="mr-auto text-lg font-semibold">
          Prices{" "}
          <span className="text-base font-normal text-ink-3">
            version {prices.version}
            <span className="max-sm:hidden">, US dollars</span>
          </span>
        </h1>
        {isEditing ? null : (
          <Needs scope="admin">
            <Button variant="primary" onClick={() => set({ edit: "yes" })}>
              Edit own terms
            </Button>
          </Needs>
        )}
      </header>
      {saved && !isEditing ? <SavedNotice prices={saved} onUndone={setSaved} /> : null}
      {isEditing ? null : <RepricePanel prices={prices} />}
      <UnpricedPanel prices={prices} onAdd={(model) => set({ add: model })} />
      {isEditing ? (
        <TermsForm
          key={add}
          prices={prices}
          add={add}
          onClose={close}
          onSaved={(next) => {
            setSaved(next);
            close();
          }}
        />
      ) : (
        <TermsPanel terms={prices.terms} />
      )}
      <PriceTable prices={prices} onReplace={(model) => set({ add: model })} />
      <VersionsPanel current={prices.number} onRestored={setSaved} />
    </div>
  );
}
