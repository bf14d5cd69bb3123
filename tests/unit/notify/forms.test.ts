import { expect, it } from "vitest";
import { draftOf as channelDraft, newDraft, readDraft } from "@/components/notify/draft";
import {
  intervalWords,
  draftOf as muteDraft,
  readDraft as readMute,
} from "@/components/notify/mute-draft";
import { readDraft as readRoute, draftOf as routeDraft } from "@/components/notify/route-draft";
import { silenceEnd } from "@/components/notify/silence-times";
import { CHANNEL_KINDS, type ChannelItem } from "@/lib/notify/channel-schema";
import type { MuteTimingItem } from "@/lib/notify/mute-schema";
import type { RouteItem } from "@/lib/notify/route-schema";

const standing = {
  ...{ id: "chn_1", state_reason: null, failures: 0, waiting: 0 },
  state: "ok",
  ...{ last_sent_at: null, created_at: "", updated_at: "", sends_closes: true, is_default: false },
  carries_links: false,
} as const;

const WEBHOOK: ChannelItem = {
  ...standing,
  ...{ kind: "webhook", name: "Hook" },
  settings: { url: "https://example.com/hook", format: "watchkeeper" },
  secrets: [
    { name: "secret", hint: "…abc=", added_at: "" },
    { name: "headers", hint: "…en", added_at: "" },
  ],
};

it("says of a new channel what is missing, field by field", () => {
  for (const kind of CHANNEL_KINDS)
    expect([kind, Object.keys(readDraft(newDraft(kind), null).issues)]).toEqual([
      kind,
      expect.arrayContaining(["name"]),
    ]);
  const { issues } = readDraft(newDraft("email"), null);
  expect(Object.keys(issues).sort()).toEqual(["from", "host", "name", "to"]);
  const pager = { ...newDraft("pagerduty"), name: "Pager" };
  expect(Object.keys(readDraft(pager, null).issues)).toEqual(["routing_key"]);
  const texts = { ...pager.texts, routing_key: "R0123456789" };
  expect(readDraft({ ...pager, texts }, null)).toMatchObject({
    body: { kind: "pagerduty", name: "Pager", routing_key: "R0123456789" },
    issues: {},
  });
});

it("sends of a channel what was changed, and no secret that was not typed", () => {
  const draft = channelDraft(WEBHOOK);
  expect(readDraft(draft, WEBHOOK)).toEqual({ body: {}, issues: {} });
  expect(readDraft({ ...draft, name: "Other" }, WEBHOOK).body).toEqual({ name: "Other" });
  const secret = `whsec_${"A".repeat(43)}=`;
  const typed = { ...draft, texts: { ...draft.texts, secret, headers: "X-Team: core\nbad" } };
  expect(readDraft(typed, WEBHOOK)).toMatchObject({
    body: { secrets: ["…abc=", secret], headers: { "X-Team": "core", bad: "" } },
  });
  expect(readDraft({ ...draft, kept: [] }, WEBHOOK).body).toEqual({ secrets: [] });
});

it("reads a route as it is typed, and gives it back", () => {
  const route: RouteItem = {
    ...{ id: "rt_1", created_at: "", name: "Core", continue: true, channels: ["chn_1"] },
    matchers: [{ name: "team", op: "=", value: "core" }],
    ...{ group_by: ["alertname", "agent"], group_wait_ms: 30_000, repeat_ms: 0 },
    ...{ mute_timings: ["mt_1"], active_timings: [] },
    escalate: [{ after_ms: 900_000, channels: ["chn_2"] }],
  };
  const { id: _, created_at: __, ...written } = route;
  expect(readRoute(routeDraft(route))).toEqual({ body: written, issues: {} });
  const draft = { ...routeDraft(null), group_wait_ms: "soon", matchers: [] };
  expect(readRoute(draft).issues).toEqual({
    group_wait_ms: "expected a length of time, like 30s or 4h",
  });
});

it("reads hours and days as they are typed, and gives them back", () => {
  const timing: MuteTimingItem = {
    ...{ id: "mt_1", created_at: "", now: false, name: "Nights", tz: "Europe/Berlin" },
    intervals: [
      {
        times: [{ from: "22:00", to: "24:00" }],
        weekdays: [
          { from: "monday", to: "tuesday" },
          { from: "thursday", to: "saturday" },
        ],
        days_of_month: [{ from: -7, to: -1 }],
      },
    ],
  };
  const { name, tz, intervals } = timing;
  expect(readMute(muteDraft(timing, "UTC"))).toEqual({ body: { name, tz, intervals }, issues: {} });
  expect(intervals.map(intervalWords)).toEqual([
    "Monday to Tuesday, Thursday to Saturday, days -7 to -1 of the month, 22:00–24:00",
  ]);
  const draft = muteDraft(null, "UTC");
  const wrong = {
    ...draft,
    name: "x",
    intervals: [{ ...muteDraft(timing, "UTC").intervals[0], times: "late" }],
  };
  expect(readMute(wrong as typeof draft).issues).toEqual({
    "intervals.0": "Hours are written like 22:00-24:00, with a comma before the next.",
  });
});

it("ends a silence in the morning by the clocks of the zone, whatever they do in the night", () => {
  const end = (now: string) => new Date(silenceEnd("morning", Date.parse(now), "Europe/Berlin"));
  expect(end("2026-11-25T21:00:00Z").toISOString()).toBe("2026-11-26T08:00:00.000Z");
  expect(end("2026-10-24T10:00:00Z").toISOString()).toBe("2026-10-25T08:00:00.000Z");
  expect(silenceEnd("1h", 0, "UTC")).toBe(3_600_000);
});
