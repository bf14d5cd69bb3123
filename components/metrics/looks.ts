import { coloursOf } from "@/components/charts/colours";
import { plain } from "@/lib/format";

/** Gives an agent's id its name. */
export type NameOf = (dimension: string, value: string) => string;

export const OTHER_COLOR = "var(--line-strong)";
const NONE_COLOR = "var(--quiet)";

export type Labels = Record<string, string>;

export const keyOf = (labels: Labels, isOther: boolean) =>
  isOther ? "other" : JSON.stringify(Object.values(labels));

const NONE_WORDS: Record<string, string> = {
  agent: "Agent unknown",
  agent_version: "Agent unknown",
  environment: "No environment",
  deployment: "No deployment",
  model: "No model",
  tool: "No tool called",
  error_type: "No error",
  source: "Source unknown",
};

/** What a group is called and how it is drawn. */
export type Look = {
  key: string;
  name: string;
  color: string;
  /** Filters that show the sessions behind it; null where no filter says it. */
  filter: Record<string, string> | null;
  kind: "group" | "none" | "other";
};

/** How each group of a dimension is called, coloured and filtered for; `drawn` are those that get a colour. */
export function groupLooks(by: string, drawn: readonly Labels[], nameOf: NameOf) {
  const named = drawn.filter((labels) => !isNone(labels));
  const colours = coloursOf(named.map((labels) => keyOf(labels, false)));
  return (labels: Labels, isOther: boolean): Look => {
    const key = keyOf(labels, isOther);
    if (isOther) return { key, name: "Other", color: OTHER_COLOR, filter: null, kind: "other" };
    if (isNone(labels)) {
      const name = NONE_WORDS[by] ?? `No ${by.slice("metadata.".length)}`;
      return { key, name, color: NONE_COLOR, filter: null, kind: "none" };
    }
    const name = groupName(by, labels, nameOf);
    const filter = Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ""));
    return { key, name, color: colours.get(key) ?? OTHER_COLOR, filter, kind: "group" };
  };
}

const isNone = (labels: Labels) => Object.values(labels).every((value) => value === "");

function groupName(by: string, labels: Labels, nameOf: NameOf): string {
  if (by !== "agent_version") return nameOf(by, labels[by] ?? "");
  const { agent = "", agent_version: version = "" } = labels;
  const name = agent === "" ? "Agent unknown" : plain(nameOf("agent", agent));
  return version === "" ? `${name}, version unknown` : `${name} v${version}`;
}
