import type { Refusal } from "@/lib/oidc/schema";

const WORDS: Record<Refusal, string> = {
  denied: "The provider was not to say who you are. Try again, or sign in another way.",
  mixed_up: "That sign-in was begun elsewhere, or too long ago. Begin again here.",
  unverified:
    "The provider has not verified your e-mail address, so you cannot be recognised by it.",
  domain: "Addresses of that domain may not come in here.",
  unassigned: "Your provider gives you no role here. Ask whoever looks after your account there.",
  uninvited: "Nobody has invited you yet. Ask an administrator for an invitation to your address.",
  removed: "You were removed here. Ask an administrator for an invitation to your address.",
  down: "The provider cannot be reached now. Try again in a moment, or sign in another way.",
  failed:
    "The provider did not confirm who you are. Begin again; the server's log says what it was.",
  busy: "There were too many attempts from your address. Wait a minute, then try again.",
};

const isRefusal = (text: string): text is Refusal => Object.hasOwn(WORDS, text);

/** What the sign-in page says of an `error` that the way back from a provider left there; null of others. */
export function oidcWords(error: string | null): string | null {
  const why = error?.startsWith("oidc_") ? error.slice("oidc_".length) : "";
  return isRefusal(why) ? WORDS[why] : null;
}
