/** What the log is narrowed down by, in the URL as in the API; the range is the page's own. */
export const AUDIT_FILTERS = ["actor", "action", "target", "q"] as const;
export type AuditFilterName = (typeof AUDIT_FILTERS)[number];

const MOST_CHARS = 200;

/** The API's filter, in a fixed order. */
export function filterParams(params: URLSearchParams): string {
  const asked = new URLSearchParams();
  for (const name of AUDIT_FILTERS) {
    const value = params.get(name) ?? "";
    if (value !== "" && value.length <= MOST_CHARS) asked.set(name, value);
  }
  return `${asked}`;
}
