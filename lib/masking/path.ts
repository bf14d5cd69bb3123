/** One step of a path; `deep` may skip any number of levels before it. Null is any member or item. */
export type Step = { member: string | number | null; deep: boolean };

const STEP = /(\.\.|\.)?(?:([A-Za-z_][\w-]*|\*)|\[(?:(\d{1,6})|(\*)|'([^']*)'|"([^"]*)")\])/y;

/** `$.input.password`, `content[*].text`, `$..token`, `["a b"]`. Null for anything else. */
export function parsePath(text: string): Step[] | null {
  const steps: Step[] = [];
  STEP.lastIndex = /^\$(?=[.[])/.test(text) ? 1 : 0;
  while (STEP.lastIndex < text.length) {
    const at = STEP.lastIndex;
    const found = STEP.exec(text);
    if (!found) return null;
    const [, dots, word, index, star, single, double] = found;
    // The first name may stand without a dot, later ones may not.
    if (word !== undefined && dots === undefined && at > 0) return null;
    if (word === undefined && dots === ".") return null;
    const quoted = single ?? double;
    const member =
      index !== undefined ? Number(index) : star || word === "*" ? null : (quoted ?? word ?? null);
    steps.push({ member, deep: dots === ".." });
  }
  return steps.length > 0 ? steps : null;
}

/** How far each path is at a place: the steps that are still to go. */
export type Trail = { rule: string; steps: readonly Step[] };

/** The trails one level further down, and the rule whose path ends there. */
export function follow(
  trails: readonly Trail[],
  member: string | number,
): { trails: readonly Trail[]; ends: string | null } {
  if (trails.length === 0) return { trails, ends: null };
  // A path with several `..` comes to the same place by many ways, and goes on from it by one.
  const next = new Map<string, Trail>();
  const add = (trail: Trail) => void next.set(`${trail.rule} ${trail.steps.length}`, trail);
  let ends: string | null = null;
  for (const trail of trails) {
    const [step, ...rest] = trail.steps;
    if (!step) continue;
    if (step.deep) add(trail);
    if (step.member !== null && step.member !== member) continue;
    if (rest.length === 0) ends ??= trail.rule;
    else add({ rule: trail.rule, steps: rest });
  }
  return { trails: [...next.values()], ends };
}
