/** What Next gives a page as its `searchParams`, as ordinary URL parameters. */
export function pageParams(given: Record<string, string | string[] | undefined>): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(given))
    for (const item of value === undefined ? [] : [value].flat()) params.append(name, item);
  return params;
}
