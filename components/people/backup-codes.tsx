"use client";
import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { saveFile } from "@/components/ui/download";

type Props = {
  codes: readonly string[];
  email: string;
  /** What follows once they are kept. */
  children: ReactNode;
};

/** Backup codes, shown this once: to be copied, or kept as a file. */
export function BackupCodes({ codes, email, children }: Props) {
  const text = `Backup codes of ${email} for Watchkeeper, good once each\n\n${codes.join("\n")}\n`;
  const download = () =>
    saveFile(new Blob([text], { type: "text/plain" }), "watchkeeper-backup-codes.txt");
  return (
    <div className="flex max-w-md flex-col gap-3">
      <p role="status" className="text-ink-2">
        The second factor is on. Each of these lets you in once when the app is not at hand; they
        are not shown again.
      </p>
      <ul
        aria-label="Backup codes"
        className="grid grid-cols-1 gap-x-6 gap-y-1 rounded-md border bg-sunken px-3 py-2 font-mono sm:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" onClick={download}>
          <Download size={14} aria-hidden />
          Download
        </Button>
        <CopyButton text={codes.join("\n")} label="Copy the backup codes" word="Copy" />
      </div>
      <div className="flex gap-2">{children}</div>
    </div>
  );
}
