import { z } from "zod";

const Sealed = z.object({ sealed: z.string(), hint: z.string(), at: z.string() });
export type Sealed = z.infer<typeof Sealed>;

/** A channel's secrets as they are stored, by name; two live ones have one name. */
export const SealedSecrets = z.record(z.string(), z.array(Sealed));
export type SealedSecrets = z.infer<typeof SealedSecrets>;

/** Enough to recognise a secret by. A short one would be told by it. */
export const hintOf = (secret: string) => (secret.length < 12 ? "…" : `…${secret.slice(-4)}`);
