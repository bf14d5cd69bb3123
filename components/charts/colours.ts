const HUES = 8;
const SHADES = [100, 52] as const;

/**
 * A colour for each entity, from its name: the same wherever it is drawn, unless another of the same
 * picture has it already. 16 are told apart.
 */
export function coloursOf(keys: readonly string[]): Map<string, string> {
  const slots = HUES * SHADES.length;
  const taken = new Set<number>();
  const colours = new Map<string, string>();
  for (const key of [...keys].sort()) {
    const wanted = hashOf(key) % HUES;
    const free = Array.from({ length: slots }, (_, step) =>
      step < HUES ? (wanted + step) % HUES : HUES + ((wanted + step) % HUES),
    ).find((slot) => !taken.has(slot));
    const slot = free ?? wanted;
    taken.add(slot);
    colours.set(key, colourAt(slot));
  }
  return colours;
}

function colourAt(slot: number): string {
  const hue = `var(--series-${(slot % HUES) + 1})`;
  const shade = SHADES[Math.floor(slot / HUES)] ?? 100;
  return shade === 100 ? hue : `color-mix(in srgb, ${hue} ${shade}%, var(--surface))`;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < text.length; at++)
    hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619) >>> 0;
  return hash;
}
