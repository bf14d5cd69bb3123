"use client";
import { CircleUser, Keyboard, LogOut } from "lucide-react";
import { ThemeChoice } from "@/components/shell/theme-menu";
import { Button, buttonClass } from "@/components/ui/button";
import { Popover, PopoverClose } from "@/components/ui/popover";

/** Theme, help and the way out. */
export function AccountMenu({ onHelp }: { onHelp: () => void }) {
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
      <div className="flex items-center justify-between gap-3 p-3">
        <span className="text-ink-2">Theme</span>
        <ThemeChoice />
      </div>
      <div className="flex flex-col gap-px border-t p-1">
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
