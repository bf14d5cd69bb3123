"use client";
import { CircleUser, Keyboard, LogOut, UserCog } from "lucide-react";
import Link from "next/link";
import { useHref } from "@/components/shell/scope";
import { ThemeChoice } from "@/components/shell/theme-menu";
import { useViewer } from "@/components/shell/viewer";
import { Button, buttonClass } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Popover, PopoverClose } from "@/components/ui/popover";

/** Who one is here, theme, help and the way out. */
export function AccountMenu({ onHelp }: { onHelp: () => void }) {
  const { person } = useViewer();
  const href = useHref();
  return (
    <Popover
      label="Account"
      align="end"
      className="w-60"
      trigger={
        <button
          type="button"
          aria-label="Account and display"
          className={buttonClass("ghost", "icon-md")}
        >
          <CircleUser size={16} aria-hidden />
        </button>
      }
    >
      {person ? (
        <p className="border-b p-3">
          <span className="block truncate font-medium">{person.name}</span>
          <span className="block truncate text-sm text-ink-3">{person.email}</span>
        </p>
      ) : null}
      <div className="flex items-center justify-between gap-3 p-3">
        <span className="text-ink-2">Theme</span>
        <ThemeChoice />
      </div>
      <div className="flex flex-col gap-px border-t p-1">
        <PopoverClose asChild>
          <Link href={href("/account")} className={cx(buttonClass("ghost"), "justify-start")}>
            <UserCog size={14} aria-hidden />
            Your account
          </Link>
        </PopoverClose>
        <PopoverClose asChild>
          <Button variant="ghost" className="justify-start" onClick={onHelp}>
            <Keyboard size={14} aria-hidden />
            Keyboard shortcuts
          </Button>
        </PopoverClose>
        <form method="post" action="/api/auth/sign-out" className="contents">
          <Button type="submit" variant="ghost" className="justify-start">
            <LogOut size={14} aria-hidden />
            Sign out
          </Button>
        </form>
      </div>
    </Popover>
  );
}
