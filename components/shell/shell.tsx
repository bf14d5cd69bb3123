"use client";
import { Search } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { AccountMenu } from "@/components/shell/account-menu";
import { AlertBell } from "@/components/shell/alert-bell";
import { BreakGlassBanner } from "@/components/shell/break-glass-banner";
import { DemoBanner } from "@/components/shell/demo-banner";
import { LiveMark } from "@/components/shell/live-mark";
import { Logo } from "@/components/shell/logo";
import { Nav } from "@/components/shell/nav";
import { MORE_PAGES, PAGES } from "@/components/shell/pages";
import { RangePicker } from "@/components/shell/range-picker";
import { useHref } from "@/components/shell/scope";
import { useShortcuts } from "@/components/shell/shortcuts";
import { useViewer } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { allows } from "@/lib/auth/roles";

const Palette = dynamic(() => import("@/components/shell/palette").then((m) => m.Palette), {
  ssr: false,
});
const HelpDialog = dynamic(
  () => import("@/components/shell/help-dialog").then((m) => m.HelpDialog),
  { ssr: false },
);

type Overlay = "palette" | "help" | null;

/** The frame of every signed-in page. Its height is `--shell-height`, for pages that fill the rest of the window. */
export function Shell({ children }: { children: ReactNode }) {
  const [overlay, setOverlay] = useState<Overlay>(null);
  const router = useRouter();
  const href = useHref();
  const { scopes } = useViewer();
  const pages = [...PAGES, ...MORE_PAGES].filter(({ needs }) => allows(scopes, needs));
  useShortcuts([
    {
      keys: "mod+k",
      label: "Search and commands",
      group: "Everywhere",
      run: () => setOverlay("palette"),
    },
    { keys: "?", label: "This list", group: "Everywhere", run: () => setOverlay("help") },
    ...pages.map((page) => ({
      keys: page.keys,
      label: `Go to ${page.label}`,
      group: "Everywhere",
      run: () => router.push(href(page.path)),
    })),
  ]);
  const close = (open: boolean) => {
    if (!open) setOverlay(null);
  };
  return (
    <div className="shell flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-raised px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <header className="shell-header sticky top-0 z-30 flex flex-wrap content-center items-center gap-x-3 gap-y-1 border-b bg-bg px-3 lg:px-4">
        <Link href={href("/")} className="flex h-8 items-center gap-2 font-semibold">
          <Logo />
          <span className="max-sm:sr-only">Watchkeeper</span>
        </Link>
        <div className="flex min-w-0 items-center gap-3 max-lg:order-last max-lg:w-full lg:flex-1">
          <Nav className="flex-1" />
          <RangePicker />
        </div>
        <div className="flex min-w-0 items-center gap-2 max-lg:ml-auto">
          <LiveMark />
          <AlertBell />
          <Button
            aria-label="Search and commands"
            onClick={() => setOverlay("palette")}
            className="font-normal text-ink-2"
          >
            <Search size={14} aria-hidden />
            <span className="max-xl:hidden">Search</span>
            <span className="max-xl:hidden">
              <Kbd keys="⌘ K" />
            </span>
          </Button>
          <AccountMenu onHelp={() => setOverlay("help")} />
        </div>
      </header>
      <BreakGlassBanner />
      <DemoBanner />
      <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
        {children}
      </main>
      {overlay === "palette" ? (
        <Palette open onOpenChange={close} onHelp={() => setOverlay("help")} />
      ) : null}
      {overlay === "help" ? <HelpDialog open onOpenChange={close} /> : null}
    </div>
  );
}
