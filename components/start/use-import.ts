"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useReducer, useRef } from "react";
import type { ImportHints, ImportResult, ImportStep } from "@/components/start/import-run";

export type ImportedFile = {
  id: number;
  name: string;
  bytes: number;
  state: "queued" | "working" | "needs_session" | "done" | "failed";
  notes: string[];
  result: ImportResult | null;
  error: string | null;
};

type Action =
  | { type: "added"; files: { id: number; name: string; bytes: number }[] }
  | { type: "started"; id: number }
  | { type: "step"; id: number; step: ImportStep }
  | { type: "failed"; id: number; error: string };

function reduce(files: ImportedFile[], action: Action): ImportedFile[] {
  if (action.type === "added")
    return [
      ...files,
      ...action.files.map((file) => ({
        ...file,
        state: "queued" as const,
        notes: [],
        result: null,
        error: null,
      })),
    ];
  return files.map((file) => (file.id === action.id ? next(file, action) : file));
}

function next(file: ImportedFile, action: Exclude<Action, { type: "added" }>): ImportedFile {
  if (action.type === "started") return { ...file, state: "working", error: null, result: null };
  if (action.type === "failed") return { ...file, state: "failed", error: action.error };
  const { step } = action;
  if (step.kind === "needs_session") return { ...file, state: "needs_session", notes: step.notes };
  return {
    ...file,
    state: step.kind === "done" ? "done" : "working",
    notes: step.result.notes,
    result: step.result,
  };
}

/** Files on their way in, one after the other. */
export function useImport() {
  const [files, dispatch] = useReducer(reduce, []);
  const client = useQueryClient();
  const sources = useRef(new Map<number, File>());
  const line = useRef(Promise.resolve());
  const count = useRef(0);

  async function work(id: number, hints: ImportHints) {
    const file = sources.current.get(id);
    if (!file) return;
    dispatch({ type: "started", id });
    try {
      const { runImport } = await import("@/components/start/import-run");
      await runImport(file, hints, (step) => dispatch({ type: "step", id, step }));
      await client.invalidateQueries();
    } catch (error) {
      dispatch({
        type: "failed",
        id,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }

  /** Queues a file again, with what was missing. */
  function retry(id: number, hints: ImportHints) {
    line.current = line.current.then(() => work(id, hints));
  }

  function add(added: readonly File[], hints: ImportHints) {
    const named = added.map((file) => {
      count.current += 1;
      sources.current.set(count.current, file);
      return { id: count.current, name: file.name, bytes: file.size };
    });
    dispatch({ type: "added", files: named });
    for (const { id } of named) retry(id, hints);
  }

  return { files, add, retry };
}
