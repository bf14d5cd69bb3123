import { goTo, readForm } from "@/lib/auth/forms";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { requestPasswordMail } from "@/lib/notify/password-mail-service";

export const POST = route({ auth: "open", summary: "forgot" }, async ({ request }) => {
  const form = await readForm(request);
  await requestPasswordMail(form("email").trim().toLowerCase().slice(0, 254), request.headers);
  return goTo("/forgot?sent=1");
});
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
