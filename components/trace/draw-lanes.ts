import { type LaneBox, TRACK, trackTop } from "@/components/trace/lane-layout";
import { type Palette, TONE_TOKENS } from "@/components/trace/palette";
import type { Minimap } from "@/lib/sessions/detail-schema";
import { type LaneSpan, spanTone } from "@/lib/sessions/lanes";
import type { TimeScale } from "@/lib/sessions/timeline";

export type LanesPicture = {
  boxes: readonly LaneBox[];
  scale: TimeScale;
  palette: Palette;
  /** What of the lanes' height is in view. */
  view: { top: number; height: number };
  selected: ReadonlySet<string>;
  marks: readonly { threadId: string | null; us: number; tone: "error" | "note" }[];
  /** Drawn instead of spans where there are too many of them. */
  density: { lanes: Minimap["lanes"]; fromUs: number; bucketUs: number } | null;
  ticksUs: readonly number[];
};

export function drawLanes(context: CanvasRenderingContext2D, picture: LanesPicture): void {
  const { boxes, scale, palette, view } = picture;
  context.save();
  context.translate(0, -view.top);
  context.fillStyle = palette.line;
  for (const us of picture.ticksUs) {
    context.fillRect(Math.round(scale.x(us)), view.top, 1, view.height);
  }
  const shown = boxes.filter(
    (box) => box.top + box.height >= view.top && box.top <= view.top + view.height,
  );
  for (const box of shown) {
    context.fillStyle = palette.line;
    context.fillRect(0, box.top + box.height - 1, scale.width, 1);
    drawTurns(context, box, picture);
    if (picture.density) drawDensity(context, box, picture);
    else drawSpans(context, box, picture);
    drawMarks(context, box, picture);
  }
  context.restore();
}

function drawTurns(context: CanvasRenderingContext2D, box: LaneBox, picture: LanesPicture): void {
  const { scale, palette } = picture;
  for (const turn of box.lane.turns) {
    const left = Math.max(0, scale.x(turn.fromUs));
    const right = Math.min(scale.width, Math.max(scale.x(turn.toUs), left + 1));
    if (right < 0 || left > scale.width) continue;
    context.fillStyle = palette.sunken;
    context.fillRect(left, box.top, right - left, box.height - 1);
    context.fillStyle = palette["line-strong"];
    context.fillRect(left, box.top, 1, box.height - 1);
  }
}

function drawSpans(context: CanvasRenderingContext2D, box: LaneBox, picture: LanesPicture): void {
  const { scale } = picture;
  // Neighbours that fall on one pixel are drawn once: with thousands of them the rest is waste.
  const lastX = new Map<string, number>();
  for (const item of box.lane.items) {
    const left = scale.x(item.fromUs);
    const right = scale.x(item.toUs);
    if (right < -1 || left > scale.width + 1) continue;
    const tone = spanTone(item.span);
    const key = `${item.track}:${tone}`;
    const tiny = right - left < 1;
    if (tiny && tone !== "error" && lastX.get(key) === Math.round(left)) continue;
    lastX.set(key, Math.round(left));
    drawSpan(context, { item, left, right, top: trackTop(box, item.track), picture });
  }
}

function drawSpan(
  context: CanvasRenderingContext2D,
  given: { item: LaneSpan; left: number; right: number; top: number; picture: LanesPicture },
): void {
  const { item, top, picture } = given;
  const { palette, scale } = picture;
  const left = Math.max(-2, given.left);
  const width = Math.max(1.5, Math.min(given.right, scale.width + 2) - left);
  const tone = spanTone(item.span);
  context.fillStyle = palette[TONE_TOKENS[tone]];
  if (item.span.kind === "approval") {
    stripes(context, { left, top, width });
    return;
  }
  context.globalAlpha = item.open || item.span.state === "unknown" ? 0.55 : 1;
  context.fillRect(left, top, width, TRACK);
  context.globalAlpha = 1;
  if (tone === "error" && width >= 8) cross(context, palette.surface, left + width - 7, top + 4);
  if (item.span.kind === "tool" && width > 44) {
    context.save();
    context.beginPath();
    context.rect(left, top, width - 4 - (tone === "error" ? 8 : 0), TRACK);
    context.clip();
    context.font = "10px ui-monospace, monospace";
    context.textBaseline = "middle";
    context.fillStyle = palette.surface;
    context.fillText(item.span.name, Math.max(left, 0) + 4, top + TRACK / 2 + 0.5);
    context.restore();
  }
  if (picture.selected.has(item.span.id)) {
    context.strokeStyle = palette.ink;
    context.lineWidth = 2;
    context.strokeRect(left - 1, top - 1, width + 2, TRACK + 2);
  }
}

/** Somebody is waited for: the bar below shows through. */
function stripes(
  context: CanvasRenderingContext2D,
  { left, top, width }: { left: number; top: number; width: number },
): void {
  context.fillRect(left, top, width, 3);
  context.fillRect(left, top + TRACK - 3, width, 3);
  const step = 6;
  for (let x = Math.ceil(left / step) * step; x < left + width - 2; x += step) {
    context.fillRect(x, top + 3, 2, TRACK - 6);
  }
}

function cross(context: CanvasRenderingContext2D, colour: string, x: number, y: number): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 5, y + 6);
  context.moveTo(x + 5, y);
  context.lineTo(x, y + 6);
  context.stroke();
}

function drawMarks(context: CanvasRenderingContext2D, box: LaneBox, picture: LanesPicture): void {
  const { scale, palette } = picture;
  for (const mark of picture.marks) {
    if (mark.threadId !== box.lane.threadId) continue;
    const x = Math.round(scale.x(mark.us));
    if (x < -4 || x > scale.width + 4) continue;
    const error = mark.tone === "error";
    context.fillStyle = error ? palette.fail : palette["ink-2"];
    context.beginPath();
    context.moveTo(x - 4, box.top);
    context.lineTo(x + 4, box.top);
    context.lineTo(x, box.top + 6);
    context.fill();
    if (error) context.fillRect(x - 0.5, box.top, 1.5, box.height - 1);
  }
}

/** Many spans: how much of each bucket each kind of work took, as stacked bars. */
function drawDensity(context: CanvasRenderingContext2D, box: LaneBox, picture: LanesPicture): void {
  const { scale, palette, density } = picture;
  const lane = density?.lanes.find((one) => one.thread_id === box.lane.threadId);
  if (!density || !lane) return;
  const room = box.height - 4;
  const bucketMs = density.bucketUs / 1000;
  for (const [index, modelMs, toolMs, waitMs, errors] of lane.buckets) {
    const fromUs = density.fromUs + index * density.bucketUs;
    const left = Math.round(scale.x(fromUs));
    const width = Math.max(1, Math.round(scale.x(fromUs + density.bucketUs)) - left);
    if (left > scale.width || left + width < 0) continue;
    let bottom = box.top + box.height - 2;
    const parts = [
      [modelMs, palette[TONE_TOKENS.model]],
      [toolMs, palette[TONE_TOKENS.tool]],
      [waitMs, palette[TONE_TOKENS.wait]],
    ] as const;
    const sum = Math.max(bucketMs, modelMs + toolMs + waitMs);
    for (const [ms, colour] of parts) {
      const height = (ms / sum) * room;
      context.fillStyle = colour;
      context.fillRect(left, bottom - height, width, height);
      bottom -= height;
    }
    if (errors > 0) {
      context.fillStyle = palette.fail;
      context.fillRect(left, box.top + 1, Math.max(2, width), 4);
    }
  }
}
