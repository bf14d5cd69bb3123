import { expect } from "vitest";
import { GET as read } from "@/app/api/v1/masking/route";
import { POST as start } from "@/app/api/v1/masking/runs/route";
import type { MaskingAnswer } from "@/lib/masking/schema";
import { maskStored } from "@/lib/retention/masking-service";
import { call } from "./call";

/** Applies the rules that hold to what is stored, from the beginning to the end, as the worker does it. */
export async function applyMasking(headers: Record<string, string>): Promise<void> {
  const { revision } = (await call(read, "/x", { headers })).body as MaskingAnswer;
  const json = { kind: "run", revision };
  expect((await call(start, "/x", { method: "POST", headers, json })).status).toBe(201);
  await maskStored();
}
