import { expect, test } from "vitest";
import type { BandSegment } from "@/lib/sessions/schema";
import { splitWaiting } from "@/lib/sessions/waiting";
import { isoFromMicros, microsFromIso } from "@/lib/time/micros";

const START = microsFromIso("2026-11-20T10:00:00Z") ?? 0;
const iso = (us: number) => isoFromMicros(START + us);
const part = (state: BandSegment["state"], from: number, to: number | null): BandSegment => ({
  state,
  from: iso(from),
  to: to === null ? null : iso(to),
});

test.each<[string, BandSegment[], Array<[number, number]>, BandSegment[]]>([
  ["answered at once", [part("waiting", 0, 10)], [], [part("idle", 0, 10)]],
  ["waited to the end", [part("waiting", 0, 10)], [[0, 10]], [part("waiting", 0, 10)]],
  [
    "answered half-way",
    [part("waiting", 0, 10)],
    [[0, 4]],
    [part("waiting", 0, 4), part("idle", 4, 10)],
  ],
  [
    "a wait that goes on over two idles",
    [part("waiting", 0, 10), part("waiting", 10, 20)],
    [[2, 14]],
    [part("idle", 0, 2), part("waiting", 2, 10), part("waiting", 10, 14), part("idle", 14, 20)],
  ],
  ["still open", [part("waiting", 0, null)], [], [part("waiting", 0, null)]],
  ["running", [part("running", 0, 10)], [[0, 10]], [part("running", 0, 10)]],
])("%s", (_, band, waited, expected) => {
  const intervals = waited.map(([from, to]): [number, number] => [START + from, START + to]);
  expect(splitWaiting(band, intervals)).toEqual(expected);
});
