import { sound } from "./clip";
import { episodeUrl, sessionUrl, silenceUrl } from "./links";
import type { Message, NoticeContent } from "./schema";
import { titleOf } from "./sheet";
import { reasonLines } from "./words";

type Told = { message: Message; base: string; at: Date };

/** The product's own format, as Standard Webhooks has bodies: `type`, `timestamp`, `data`. */
export function ownPayload({ message: written, base, at }: Told): object {
  const message = sound(written);
  const { reason, group, firing, closed, more, acknowledged_by, failed_channel } = message;
  return {
    type: `alert.${reason}`,
    timestamp: at.toISOString(),
    data: {
      title: titleOf(message),
      text: reasonLines(message).join(". "),
      reason,
      group,
      firing: firing.map(({ id, content }) => memberOf(id, content, base)),
      closed: closed.map(({ id, content }) => memberOf(id, content, base)),
      more,
      acknowledged_by,
      failed_channel: failed_channel ?? null,
    },
  };
}

function memberOf(id: string, content: NoticeContent, base: string): object {
  // The course is for drawing, and channels are nobody's business.
  const { course: _course, channels: _channels, sessions, ...rest } = content;
  return {
    episode_id: id,
    ...rest,
    sessions: sessions.map((session) => ({ ...session, url: sessionUrl(base, session.id) })),
    url: episodeUrl(base, id),
    silence_url: silenceUrl(base, id),
  };
}
