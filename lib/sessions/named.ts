/** A session by its id and, where that is needed, the connection it came by. */
export type Named = { id: string; connection?: string | undefined };

export function namedOf(item: { id: string; connection_id: string | null }): Named {
  return { id: item.id, connection: item.connection_id ?? undefined };
}
