import { goneFrom } from "./item";
import { WITHHELD } from "./marks";
import { type Hits, type Masker, masked } from "./masker";
import { bytesIn, sizesOf } from "./sizes";
import { placeOf } from "./structure";

type JsonObject = Record<string, unknown>;

/**
 * A result whose call is not known yet, where a rule may be about its tool. `payload` is what may be stored
 * meanwhile, with `hits` of all but its content; `open` is what may be stored if no rule is about the tool,
 * with the hits of its content in `inside`.
 */
export type Withheld = {
  payload: JsonObject;
  hits: Hits;
  open: JsonObject;
  inside: ReadonlyMap<string, number>;
};

/** Null of a result that says nothing a rule could hide, or whose content went before: it need not wait. */
export function withhold(masker: Masker, payload: JsonObject): Withheld | null {
  if (!canHide(payload.content)) return null;
  const [hits, all]: [Hits, Hits] = [new Map(), new Map()];
  const rest = masked(masker, { kind: "event", payload: { ...payload, content: null } }, hits);
  const open = masked(masker, { kind: "event", payload }, all);
  const inside = [...all].map(([rule, count]) => [rule, count - (hits.get(rule) ?? 0)] as const);
  return {
    payload: withoutContent({ ...rest, content: payload.content }),
    hits,
    open,
    inside: new Map(inside.filter(([, count]) => count > 0)),
  };
}

/** The result as it is stored now that its tool is known, with what is to be counted of its content. */
export function released(
  masker: Masker,
  { open, inside }: Pick<Withheld, "open" | "inside">,
  tool: string,
): { payload: JsonObject; hits: Hits } {
  const isHidden = masker.mode === "masked" && masker.tool(tool, "output") !== null;
  const hits: Hits = new Map(isHidden ? [] : inside);
  const payload = isHidden ? withoutContent(open) : open;
  return { payload: masked(masker, { kind: "event", payload, tool }, hits), hits };
}

const canHide = (content: unknown) =>
  placeOf("content", content, false) === "content" && goneFrom(content) === undefined;

/** What stands for the content has its form, so that a rule that hides it leaves the same of both. */
function withoutContent(payload: JsonObject): JsonObject {
  const mark = Array.isArray(payload.content) ? [{ type: "text", text: WITHHELD }] : WITHHELD;
  const bytes = { ...sizesOf(payload._masking), content: bytesIn(payload, "content") };
  return { ...payload, content: mark, _masking: { bytes } };
}
