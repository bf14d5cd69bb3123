import { Select } from "@/components/ui/field";
import { FLEET_SORTS, type FleetSort } from "@/lib/fleet/words";

const WORDS: Record<FleetSort, string> = {
  advice: "Worst first",
  name: "Name",
  last_used_at: "Last used",
  sessions: "Sessions",
  failed: "Failure rate",
  cost: "Cost",
  cost_per_session: "Cost per session",
};

export function SortSelect({
  sort,
  onSort,
}: {
  sort: FleetSort;
  onSort: (sort: FleetSort) => void;
}) {
  return (
    <Select
      quiet
      aria-label="Sort by"
      value={sort}
      onChange={(event) => {
        const next = FLEET_SORTS.find((one) => one === event.target.value);
        if (next) onSort(next);
      }}
    >
      {FLEET_SORTS.map((one) => (
        <option key={one} value={one}>
          {WORDS[one]}
        </option>
      ))}
    </Select>
  );
}
