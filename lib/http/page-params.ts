import { cookies } from "next/headers";
import { isTimeZone } from "@/lib/time/range";

export type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** What Next gives a page as its `searchParams`, as ordinary URL parameters. */
export async function pageParams({ searchParams }: PageProps): Promise<URLSearchParams> {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams))
    for (const item of value === undefined ? [] : [value].flat()) params.append(name, item);
  return params;
}

/** The reader's time zone, as their browser told it at an earlier visit. */
export async function readerZone(): Promise<string | null> {
  const tz = (await cookies()).get("wk_tz")?.value;
  const name = tz === undefined ? null : decodeURIComponent(tz);
  return name !== null && isTimeZone(name) ? name : null;
}
