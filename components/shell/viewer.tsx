"use client";
import { createContext, type ReactNode, useContext } from "react";
import { allows } from "@/lib/auth/roles";
import type { Caller, CallingPerson, Scope } from "@/lib/auth/schema";

/** Who looks at the page. `person` is null for a browser that came in with an API key. */
export type Viewer = {
  person: CallingPerson | null;
  scopes: readonly Scope[];
  /** Null for who may not open content. */
  breakGlass: Caller["breakGlass"];
};

const ViewerContext = createContext<Viewer>({ person: null, scopes: [], breakGlass: null });

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <ViewerContext value={viewer}>{children}</ViewerContext>;
}

export const useViewer = () => useContext(ViewerContext);

/** Whether the viewer may do what needs this scope. The server asks again. */
export function useMay(needed: Scope): boolean {
  return allows(useViewer().scopes, needed);
}

/** What only some may do is not there for the others. */
export function Needs({ scope, children }: { scope: Scope; children: ReactNode }) {
  return useMay(scope) ? children : null;
}
