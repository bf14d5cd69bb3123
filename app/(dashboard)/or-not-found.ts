import { notFound } from "next/navigation";
import { AppError } from "@/lib/http/errors";

/** What a page is about; the page that says there is none where it does not exist. */
export async function orNotFound<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") notFound();
    throw error;
  }
}
