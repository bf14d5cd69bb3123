import type { Db } from "@/lib/db/client";
import type { Observed } from "./observed";
import type { RuleOf } from "./rule-schema";
import {
  type Late,
  readChannelsLate,
  readOpenGlasses,
  readRulesLate,
  readSilences,
  readSyncsLate,
} from "./self-store";

type Watch = RuleOf<"self">["watch"];

/** How late Watchkeeper itself is with what it does, by what it is late with; and how long content is open. */
export async function observeSelf(
  workspace: string,
  watch: Watch,
  at: Date,
  db: Db,
): Promise<Observed[]> {
  const late = await READ[watch](workspace, at, db);
  const name = LABELS[watch];
  return late.map(({ of, since }) => ({
    labels: name === null ? {} : { [name]: of },
    observation: {
      kind: "self",
      value: since === null ? 0 : Math.max(0, (at.getTime() - since.getTime()) / 1_000),
    },
  }));
}

const LABELS: Record<Watch, string | null> = {
  ...{ ingest: "source", evaluation: null, channels: "channel", connections: "connection" },
  break_glass: "break_glass",
};

const READ: Record<Watch, (workspace: string, at: Date, db: Db) => Promise<Late[]>> = {
  ingest: readSilences,
  evaluation: readRulesLate,
  channels: readChannelsLate,
  connections: readSyncsLate,
  break_glass: readOpenGlasses,
};
