type Page<T> = { data: T[]; next_cursor: string | null };

/**
 * A list, page after page, as one text; no page is read before the one before it was taken, so that
 * a slow reader costs no memory. Throws before it streams if the first page fails.
 */
export async function streamPages<T>(
  read: (cursor: string | null) => Promise<Page<T>>,
  { head, write }: { head: string; write: (items: readonly T[]) => string },
): Promise<ReadableStream<Uint8Array>> {
  const text = new TextEncoder();
  let page: Page<T> | null = await read(null);
  let begin = head;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (page === null) return controller.close();
        controller.enqueue(text.encode(begin + write(page.data)));
        begin = "";
        const next: string | null = page.next_cursor;
        page = next === null ? null : await read(next);
      },
    },
    { highWaterMark: 1 },
  );
}
