import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { MuteTimingItem, MuteTimingsPage, NewMuteTiming } from "@/lib/notify/mute-schema";
import { createTiming, readTimings } from "@/lib/notify/mute-service";

export const GET = route(
  { auth: "figures", summary: "Mute timings, oldest first", response: MuteTimingsPage },
  ({ caller }) => readTimings(caller.workspace),
);

export const POST = route(
  {
    auth: "write",
    audit: "mute_timing.created",
    summary: "Hours and days for routes to be silent at",
    body: NewMuteTiming,
    response: MuteTimingItem,
    status: 201,
  },
  ({ caller, body }) => createTiming(caller.workspace, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
