import {
  discountedWords,
  INCLUDED_WORDS,
  includedWords,
  modeWords,
  offWords,
  picoWords,
  sinceWords,
} from "@/components/prices/words";
import { Panel } from "@/components/shell/panel";
import { Empty } from "@/components/ui/empty";
import type { Terms } from "@/lib/costs/own-schema";
import { formatNanosExact } from "@/lib/format";

/** What the workspace's contract says, in the words it was entered in. */
export function TermsPanel({ terms }: { terms: Terms }) {
  const lines = linesOf(terms);
  return (
    <Panel title="Own terms" hint="beside, or in place of, the list" flush>
      {lines.length === 0 ? (
        <div className="border-t">
          <Empty title="The list holds as it is">
            With a contract, enter its discounts; prices of models the list does not know, and
            prices of your own, come first.
          </Empty>
        </div>
      ) : (
        <ul className="border-t">
          {lines.map(({ subject, words, since }) => (
            <li
              key={`${subject} ${since}`}
              className="flex flex-wrap items-baseline gap-x-3 border-b px-3 py-1.5 last:border-b-0"
            >
              <span className="min-w-40 flex-1 wrap-anywhere">{subject}</span>
              <span>{words}</span>
              <span className="text-ink-3">{since}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function linesOf({ prices, session_hours, web_searches, discounts, included }: Terms) {
  return [
    ...discounts.map((discount) => ({
      subject: `Discount on ${discountedWords(discount)}`,
      words: offWords(discount.off),
      since: sinceWords(discount.effective_from),
    })),
    ...prices.map((price) => ({
      subject: [price.model, modeWords(price)].filter(Boolean).join(", "),
      words: `${picoWords(price.input_pico)} in, ${picoWords(price.output_pico)} out`,
      since: sinceWords(price.effective_from),
    })),
    ...session_hours.map(({ nanos, effective_from }) => ({
      subject: "Session-hour",
      words: formatNanosExact(nanos),
      since: sinceWords(effective_from),
    })),
    ...web_searches.map(({ nanos, effective_from }) => ({
      subject: "Web search",
      words: formatNanosExact(nanos),
      since: sinceWords(effective_from),
    })),
    ...included.map((one) => ({
      subject: `Included ${INCLUDED_WORDS[one.of]}`,
      words: includedWords(one),
      since: sinceWords(one.effective_from),
    })),
  ];
}
