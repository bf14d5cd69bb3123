/** What stands where a role does not see what sessions said. */
export const HIDDEN = "hidden for your role";
