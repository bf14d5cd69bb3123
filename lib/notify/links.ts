/** Pages of this product, as a receiver opens them; `base` is where it is reached, without a slash at its end. */
export const episodeUrl = (base: string, id: string) =>
  `${base}/alerts/episodes/${encodeURIComponent(id)}`;
export const silenceUrl = (base: string, id: string) =>
  `${base}/alerts/silences?episode=${encodeURIComponent(id)}`;
export const sessionUrl = (base: string, id: string) =>
  `${base}/sessions/${encodeURIComponent(id)}`;
export const alertsUrl = (base: string) => `${base}/alerts`;
