import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { readDetail } from "./delivery-list-store";
import { DeliveryItem } from "./delivery-schema";
import { type DeliveryKey, readDelivery, requeue, wakeChannel } from "./delivery-store";

const missing = () => new AppError("not_found", "There is no such delivery, or not any more.");

/** Throws `not_found`. */
export async function readDeliveryItem(key: DeliveryKey): Promise<DeliveryItem> {
  const row = await readDetail(key);
  if (!row) throw missing();
  return DeliveryItem.parse(row);
}

/**
 * Has a finished message sent once more, as it is and under its id, whatever has been told since.
 * Throws `not_found`, and `conflict` while it is not finished or its channel is gone.
 */
export async function replayDelivery(key: DeliveryKey, now = new Date()): Promise<DeliveryItem> {
  await prisma.$transaction(async (tx) => {
    const row = await readDelivery(key, tx);
    if (!row) throw missing();
    const result = await requeue(tx, row, now);
    if (result === "unfinished")
      throw new AppError("conflict", "This message is still to be sent; it needs no replay.");
    if (result === "no_channel")
      throw new AppError("conflict", "The channel of this message is gone.");
    await record(tx, row.workspace, { action: "delivery.replayed", target: { id: row.id } });
    await wakeChannel(tx, { workspace: row.workspace, id: row.channelId });
  });
  return readDeliveryItem(key);
}
