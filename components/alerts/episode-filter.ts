/** What the list of episodes is narrowed down by, in the URL as in the API. */
export const EPISODE_FILTERS = ["rule", "open", "severity"] as const;

/** The API's filter, in a fixed order. */
export function episodeParams(params: URLSearchParams): string {
  const asked = new URLSearchParams();
  for (const name of EPISODE_FILTERS) {
    const value = params.get(name);
    if (value) asked.set(name, value);
  }
  return `${asked}`;
}
