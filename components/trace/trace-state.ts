"use client";
import { useCallback, useMemo } from "react";
import { useUrlState } from "@/components/shell/scope";
import {
  readState,
  stateParams,
  type TraceChange,
  type TraceState,
} from "@/components/trace/trace-url";

export type SetTrace = (change: TraceChange, options?: { replace?: boolean }) => void;

export function useTraceState(): { state: TraceState; set: SetTrace } {
  const { params, set } = useUrlState();
  const text = params.toString();
  const state = useMemo(() => readState(new URLSearchParams(text)), [text]);
  const change = useCallback<SetTrace>((given, options) => set(stateParams(given), options), [set]);
  return { state, set: change };
}
