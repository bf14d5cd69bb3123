import { gunzip } from "node:zlib";
import { AppError } from "./errors";

/**
 * The whole body, unpacked. Nothing beyond `maxBytes` is kept in memory, neither of what is sent
 * nor of what a gzip body unpacks to.
 * Throws `too_large` beyond the limit and `invalid` for a coding other than gzip or a broken gzip.
 */
export async function readBody(
  request: Request,
  { maxBytes }: { maxBytes: number },
): Promise<Buffer> {
  const coding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (coding !== "identity" && coding !== "gzip")
    throw new AppError(
      "invalid",
      `content-encoding: "${coding.slice(0, 40)}" is not supported; send gzip or none.`,
    );
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const raw = await readAll(request, maxBytes);
  return coding === "gzip" && raw.length > 0 ? unpack(raw, maxBytes) : raw;
}

/** The body as JSON; an empty body is `undefined`. */
export async function readJson(request: Request, limit: { maxBytes: number }): Promise<unknown> {
  const text = (await readBody(request, limit)).toString("utf8");
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError("invalid", `The body is not JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function readAll(request: Request, maxBytes: number): Promise<Buffer> {
  if (!request.body) return Buffer.alloc(0);
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks, bytes);
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await passOver(reader, maxBytes * 2);
      throw tooLarge(maxBytes);
    }
    chunks.push(value);
  }
}

/**
 * Reads on without keeping anything: a sender whose connection is cut while it sends never sees the
 * answer. One that does not end is cut after all.
 */
async function passOver(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number) {
  for (let left = maxBytes; left > 0; ) {
    const { done, value } = await reader.read();
    if (done) return;
    left -= value.byteLength;
  }
  await reader.cancel();
}

function unpack(raw: Buffer, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gunzip(raw, { maxOutputLength: maxBytes }, (error: NodeJS.ErrnoException | null, result) => {
      if (!error) resolve(result);
      else if (error.code === "ERR_BUFFER_TOO_LARGE") reject(tooLarge(maxBytes));
      else reject(new AppError("invalid", "The body is not valid gzip.", { cause: error }));
    });
  });
}

function tooLarge(maxBytes: number): AppError {
  const limit = maxBytes >= 1 << 20 ? `${maxBytes / (1 << 20)} MiB` : `${maxBytes} bytes`;
  return new AppError(
    "too_large",
    `The body is larger than ${limit} (counted after decompression); send it in parts.`,
  );
}
