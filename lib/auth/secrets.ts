import { createHash, randomBytes, randomUUID } from "node:crypto";

export const sha256 = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** 256 random bits, so that a plain SHA-256 of it cannot be searched for. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

export const newKey = (): string => `wk_${newSecret()}`;

/** Enough of a key to recognise it, too little to guess it. */
export const keyPrefix = (key: string): string => key.slice(0, 9);

export const newId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll("-", "")}`;
