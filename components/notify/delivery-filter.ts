/** What the list of deliveries is narrowed down by, in the URL as in the API. */
export const DELIVERY_FILTERS = ["channel", "state", "reason", "episode"] as const;

/** The API's filter, in a fixed order. */
export function deliveryParams(params: URLSearchParams): string {
  const asked = new URLSearchParams();
  for (const name of DELIVERY_FILTERS) {
    const value = params.get(name);
    if (value) asked.set(name, value);
  }
  return `${asked}`;
}
