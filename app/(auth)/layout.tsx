import type { ReactNode } from "react";
import { Logo } from "@/components/shell/logo";

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 pt-[16vh] pb-8">
      <div className="flex w-full max-w-88 flex-col gap-6">
        <p className="flex items-center gap-2 text-md font-semibold">
          <Logo size={20} />
          Watchkeeper
        </p>
        {children}
      </div>
    </main>
  );
}
