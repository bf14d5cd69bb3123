import { errorWords } from "@/components/shell/panel";
import type { DraftState } from "@/components/shell/use-revised";
import { Button } from "@/components/ui/button";

/** Saves a draft, takes it back, and says what came of it. `saved`: what holds once it is saved. */
export function SaveBar({ state, saved }: { state: DraftState; saved: string }) {
  const { touched, isSaving, isSaved, error, isBehind, undo, showNewest } = state;
  return (
    <>
      <Button type="submit" variant="primary" disabled={!touched || isSaving}>
        {isSaving ? "Saving…" : "Save"}
      </Button>
      {touched ? <Button onClick={undo}>Undo</Button> : null}
      <span role="status" className="text-ok">
        {isSaved ? saved : null}
      </span>
      {error ? (
        <p role="alert" className="text-fail">
          {errorWords(error)}
        </p>
      ) : null}
      {isBehind ? <Button onClick={showNewest}>Leave mine, show the newest</Button> : null}
    </>
  );
}
