import { expect, it } from "vitest";
import { type Draft, draftOf, type Issues, patchOf } from "@/components/connections/draft";
import { itemOf } from "@/lib/connections/item";
import type { ConnectionPatch } from "@/lib/connections/schema";
import type { ConnectionRow } from "@/lib/connections/store";

const AT = new Date("2026-11-20T10:00:00Z");
const NOT_YET = { backfillBefore: null, backfillOldest: null, backfillStartedAt: null };
const ROW: ConnectionRow = {
  ...{ workspace: "default", id: "conn_1", name: "Production", state: "live", stateReason: null },
  ...{ baseUrl: "https://api.anthropic.com", apiKeySealed: "", apiKeyHint: "abcd" },
  ...{ webhookSecretsSealed: [], webhookSecretHints: [], webhookSecretTimes: [] },
  ...{ webhooksSince: null, adminKeySealed: null, readsPerMinute: 240, backfillDays: null },
  ...{ onDelete: "keep", remoteWorkspaceId: null, createdAt: AT, updatedAt: AT, ...NOT_YET },
  ...{ backfillSessions: 0, backfillEvents: 0n, backfillMs: 0n, backfillDoneAt: null },
  ...{ lastWebhookAt: null, lastSyncedAt: null, lagSeconds: null },
  ...{ interrupts: false, interruptsPerHour: 10, contentMode: "masked" },
};
const ITEM = itemOf(ROW, undefined, []);
const KEY = "sk-ant-api03-another";

const asked = (fields: Partial<Draft>, item = ITEM) =>
  patchOf({ ...draftOf(item), ...fields }, item);

it("asks for nothing while nothing was typed", () => {
  expect(asked({})).toEqual({ patch: {}, issues: {} });
  expect(asked({ name: " Production " })).toEqual({ patch: {}, issues: {} });
  const limited = itemOf({ ...ROW, backfillDays: 30, onDelete: "purge" }, undefined, []);
  expect(asked({}, limited)).toEqual({ patch: {}, issues: {} });
});

it.each<[Partial<Draft>, ConnectionPatch]>([
  [{ name: "Staging" }, { name: "Staging" }],
  [{ api_key: ` ${KEY} ` }, { api_key: KEY }],
  [
    { base_url: "https://agents.example.com", api_key: KEY },
    { base_url: "https://agents.example.com", api_key: KEY },
  ],
  [{ reads_per_minute: " 60 " }, { reads_per_minute: 60 }],
  [{ depth: "days" }, { backfill_days: 90 }],
  [{ depth: "days", backfill_days: "0" }, { backfill_days: 0 }],
  [{ backfill_days: "nonsense nobody sees" }, {}],
  [{ on_delete: "purge" }, { on_delete: "purge" }],
  [{ admin_key: KEY }, { admin_key: KEY }],
  [{ admin_key: KEY, dropsAdminKey: true }, { admin_key: null }],
])("%j asks for what differs", (fields, patch) => {
  expect(asked(fields)).toEqual({ patch, issues: {} });
});

it.each<[Partial<Draft>, keyof Issues, RegExp]>([
  [{ name: " " }, "name", /expected a name/],
  [{ name: "x".repeat(101) }, "name", /at most 100/],
  [{ base_url: "api.anthropic.com", api_key: KEY }, "base_url", /a URL like/],
  [{ base_url: "https://elsewhere.example" }, "api_key", /enter the key again/],
  [{ api_key: "short" }, "api_key", /8 to 500 characters/],
  [{ reads_per_minute: "" }, "reads_per_minute", /whole number from 1 to 100,000/],
  [{ reads_per_minute: "0" }, "reads_per_minute", /whole number from 1/],
  [{ reads_per_minute: "1e3" }, "reads_per_minute", /whole number/],
  [{ depth: "days", backfill_days: "-1" }, "backfill_days", /whole number from 0 to 36,500/],
  [{ admin_key: "with a space" }, "admin_key", /without spaces/],
])("%j is told to be wrong", (fields, name, words) => {
  const { issues } = asked(fields);
  expect(Object.keys(issues)).toEqual([name]);
  expect(issues[name]).toMatch(words);
});
