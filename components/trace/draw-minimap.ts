import { BAND_TOKENS } from "@/components/trace/band-look";
import { type Palette, TONE_TOKENS } from "@/components/trace/palette";
import type { Segment } from "@/lib/sessions/band";
import { type Strip, workOf } from "@/lib/sessions/strip";
import type { TimeScale, TimeWindow } from "@/lib/sessions/timeline";

/** Height of the state line below the bars. */
const STATE = 4;

/** The whole session in one strip: work stacked by kind, errors on top, states below, the rest of the zoom veiled. */
export function drawMinimap(
  context: CanvasRenderingContext2D,
  picture: {
    strip: Strip;
    segments: readonly Segment[];
    scale: TimeScale;
    palette: Palette;
    height: number;
    zoom: TimeWindow | null;
  },
): void {
  const { strip, scale, palette, height } = picture;
  const floor = height - STATE - 2;
  for (const column of strip.columns) {
    const fromUs = strip.fromUs + column.index * strip.bucketUs;
    // Whole pixels: halves would leave seams between neighbours.
    const left = Math.round(scale.x(fromUs));
    const width = Math.max(1, Math.round(scale.x(fromUs + strip.bucketUs)) - left);
    const full = (workOf(column) / strip.mostMs) * (floor - 6);
    const sum = workOf(column);
    let bottom = floor;
    for (const [ms, token] of [
      [column.modelMs, TONE_TOKENS.model],
      [column.toolMs, TONE_TOKENS.tool],
      [column.waitMs, TONE_TOKENS.wait],
    ] as const) {
      if (ms <= 0) continue;
      const part = Math.max(1, (ms / sum) * full);
      context.fillStyle = palette[token];
      context.fillRect(left, bottom - part, width, part);
      bottom -= part;
    }
    if (column.errors > 0) {
      context.fillStyle = palette.fail;
      context.fillRect(left, 0, Math.max(2, width), 5);
    }
  }
  for (const segment of picture.segments) {
    const left = scale.x(segment.fromUs);
    context.fillStyle = palette[BAND_TOKENS[segment.state]];
    context.fillRect(left, height - STATE, Math.max(1, scale.x(segment.toUs) - left), STATE);
  }
  if (picture.zoom) veil(context, { ...picture, zoom: picture.zoom });
}

function veil(
  context: CanvasRenderingContext2D,
  picture: { scale: TimeScale; palette: Palette; height: number; zoom: TimeWindow },
): void {
  const { scale, palette, height, zoom } = picture;
  const left = scale.x(zoom.fromUs);
  const right = Math.max(left + 2, scale.x(zoom.toUs));
  context.fillStyle = palette.surface;
  context.globalAlpha = 0.66;
  context.fillRect(0, 0, left, height);
  context.fillRect(right, 0, scale.width - right, height);
  context.globalAlpha = 1;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  context.strokeRect(left, 0.75, right - left, height - 1.5);
}
