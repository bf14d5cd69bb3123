import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { WhatIf, WhatIfQuery } from "@/lib/whatif/schema";
import { readWhatIf } from "@/lib/whatif/service";

export const GET = route(
  {
    auth: "figures",
    summary: "What a range would have cost under other terms",
    query: WhatIfQuery,
    response: WhatIf,
  },
  ({ caller, query }) => readWhatIf(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
