import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { BreakGlassPage, NewBreakGlass, OwnBreakGlass } from "./break-glass-schema";
import type { KeyCreated, KeysPage, NewKey } from "./keys-schema";
import type {
  Account,
  KeysOfLeaver,
  NewInvitation,
  OneTimeLink,
  PasswordChange,
  PeopleAnswer,
  PersonPatch,
} from "./people-schema";
import type { BackupCodes, NewSecondFactor, SignInSettings } from "./second-factor-schema";

/** A new key, told this once; what is left out is as the API has it. */
export function createKey(
  key: Pick<NewKey, "name" | "scopes"> & Partial<NewKey>,
): Promise<KeyCreated> {
  return api<KeyCreated>("/api/v1/keys", { method: "POST", body: key });
}

/** Keys in use. */
export function keysList() {
  return queryOptions({
    queryKey: ["auth", "keys"],
    queryFn: ({ signal }) => api<KeysPage>("/api/v1/keys", { signal }),
    staleTime: 10_000,
  });
}

const key = (id: string, rest = "") => `/api/v1/keys/${encodeURIComponent(id)}${rest}`;

export const rotateKey = ({ id, hours }: { id: string; hours: number }) =>
  api<KeyCreated>(key(id, "/rotation"), { method: "POST", body: { overlap_hours: hours } });

export const endKey = (id: string) => api<void>(key(id), { method: "DELETE" });

/** People and open invitations. */
export function peopleList() {
  return queryOptions({
    queryKey: ["auth", "people"],
    queryFn: ({ signal }) => api<PeopleAnswer>("/api/v1/people", { signal }),
    staleTime: 10_000,
  });
}

/** Who looks at this, and where they are signed in. */
export function ownAccount() {
  return queryOptions({
    queryKey: ["auth", "account"],
    queryFn: ({ signal }) => api<Account>("/api/v1/account", { signal }),
    staleTime: 10_000,
  });
}

const person = (id: string, rest = "") => `/api/v1/people/${encodeURIComponent(id)}${rest}`;

export const invitePerson = (body: NewInvitation) =>
  api<OneTimeLink>("/api/v1/invitations", { method: "POST", body });

export const endInvitation = (id: string) =>
  api<void>(`/api/v1/invitations/${encodeURIComponent(id)}`, { method: "DELETE" });

export const changePerson = ({ id, ...body }: { id: string } & PersonPatch) =>
  api<PeopleAnswer>(person(id), { method: "PATCH", body });

/** `keys`: what becomes of the API keys that they made; needed where there are any. */
export const removePerson = ({ id, keys }: { id: string } & KeysOfLeaver) =>
  api<void>(person(id, keys ? `?keys=${keys}` : ""), { method: "DELETE" });

export const makePasswordLink = (id: string) =>
  api<OneTimeLink>(person(id, "/password-link"), { method: "POST" });

export const endBrowser = (id: string) =>
  api<void>(`/api/v1/account/browsers/${encodeURIComponent(id)}`, { method: "DELETE" });

export const changePassword = (body: PasswordChange) =>
  api<void>("/api/v1/account/password", { method: "POST", body });

const FACTOR = "/api/v1/account/second-factor";
const prove = <T>(path: string, body: object) =>
  api<T>(`${FACTOR}${path}`, { method: "POST", body });

export const beginSecondFactor = (password: string) => prove<NewSecondFactor>("", { password });

export const confirmSecondFactor = (code: string) => prove<BackupCodes>("/confirmation", { code });

export const endSecondFactor = (password: string) => prove<void>("/removal", { password });

export const renewBackupCodes = (password: string) =>
  prove<BackupCodes>("/backup-codes", { password });

export const resetSecondFactor = (id: string) =>
  api<void>(person(id, "/second-factor"), { method: "DELETE" });

const SIGN_IN_SETTINGS = "/api/v1/sign-in-settings";

export function signInSettings() {
  return queryOptions({
    queryKey: ["auth", "sign-in-settings"],
    queryFn: ({ signal }) => api<SignInSettings>(SIGN_IN_SETTINGS, { signal }),
    staleTime: 10_000,
  });
}

export const saveSignInSettings = (body: SignInSettings) =>
  api<SignInSettings>(SIGN_IN_SETTINGS, { method: "PUT", body });

const OWN = "/api/v1/account/break-glass";

export const openContent = (body: NewBreakGlass) =>
  api<OwnBreakGlass>(OWN, { method: "POST", body });

export const closeContent = () => api<void>(OWN, { method: "DELETE" });

const GLASSES = "/api/v1/break-glasses";

/** Who has opened content, newest first. */
export function breakGlasses() {
  return infiniteQueryOptions({
    queryKey: ["auth", "break-glasses"],
    queryFn: ({ pageParam, signal }) =>
      api<BreakGlassPage>(pageParam === null ? GLASSES : `${GLASSES}?cursor=${pageParam}`, {
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 10_000,
  });
}

export const endBreakGlass = (id: string) =>
  api<void>(`${GLASSES}/${encodeURIComponent(id)}`, { method: "DELETE" });
