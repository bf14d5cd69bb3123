import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Providers } from "@/components/shell/providers";
import { Shell } from "@/components/shell/shell";
import { requireViewer } from "@/lib/auth/viewer";
import { isTimeZone } from "@/lib/time/range";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  await requireViewer();
  const tz = (await cookies()).get("wk_tz")?.value;
  return (
    <Providers tz={tz && isTimeZone(tz) ? tz : null} nowMs={Date.now()}>
      <Shell>{children}</Shell>
    </Providers>
  );
}
