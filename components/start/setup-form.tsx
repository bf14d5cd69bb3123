import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

/** Uses up the one-time link; without a token it says where links come from. */
export function SetupForm({ token }: { token: string | null }) {
  if (token === null)
    return (
      <div className="flex flex-col gap-4">
        <h1 className="text-xl font-semibold">This link does not work</h1>
        <Notice tone="fail">A set-up link works once, for 24 hours.</Notice>
        <p className="text-ink-2">
          While nobody has come in yet, <code className="font-mono text-ink">npm start</code> prints
          a fresh one each time. If somebody has,{" "}
          <a href="/sign-in" className="text-accent underline">
            sign in with an admin key
          </a>
          .
        </p>
      </div>
    );
  return (
    <form method="post" action="/api/auth/setup" className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">Set up Watchkeeper</h1>
      <p className="text-ink-2">
        This browser becomes the first administrator. The link works once; the browser stays signed
        in for 30 days.
      </p>
      <input type="hidden" name="token" value={token} />
      <Button type="submit" variant="primary">
        Continue
      </Button>
    </form>
  );
}
