import type { Raster } from "./png";
import type { NoticeContent } from "./schema";

/** Twice what it is shown at, so that it is sharp on dense screens. */
export const GRAPH = { width: 1_120, height: 280 };
const MARGIN = 12;
const LINE_PX = 5;
const BOUND_PX = 3;
const DASH_PX = 16;

type Rgb = readonly [number, number, number];
const PAPER: Rgb = [255, 255, 255];
const GRID: Rgb = [228, 228, 231];
const BOUND: Rgb = [161, 98, 7];

type Point = { x: number; y: number };
type Scale = { fromMs: number; toMs: number; low: number; high: number };

/** The ends of both axes; null where there is nothing to draw. */
export function scaleOf({ course, threshold }: NoticeContent): Scale | null {
  const points = course.filter((point): point is [number, number] => point[1] !== null);
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last || points.length < 2 || first[0] === last[0]) return null;
  const values = points.map(([, value]) => value).concat(threshold ?? []);
  const low = Math.min(0, ...values);
  const high = Math.max(...values);
  return { fromMs: first[0], toMs: last[0], low, high: high > low ? high : low + 1 };
}

/** The course of a value as a line, its bound dashed; null where there are not two values. */
export function drawCourse(content: NoticeContent, color: Rgb): Raster | null {
  const scale = scaleOf(content);
  if (scale === null) return null;
  const { width, height } = GRAPH;
  const raster = { width, height, rgb: new Uint8Array(width * height * 3) };
  fill(raster, PAPER);
  for (const share of [0, 0.5, 1]) {
    const y = MARGIN + share * (height - 2 * MARGIN);
    stroke(raster, { from: { x: 0, y }, to: { x: width - 1, y }, size: 1, color: GRID });
  }
  for (const run of runsOf(content.course, scale)) {
    for (const [at, to] of run.entries()) {
      const from = run[at - 1] ?? to;
      shade(raster, { from, to, color });
    }
    for (const [at, to] of run.entries())
      stroke(raster, { from: run[at - 1] ?? to, to, size: LINE_PX, color });
  }
  if (content.threshold !== null) {
    const { y } = placeOf(scale.fromMs, content.threshold, scale);
    for (let x = 0; x < width; x += 2 * DASH_PX)
      stroke(raster, { from: { x, y }, to: { x: x + DASH_PX, y }, size: BOUND_PX, color: BOUND });
  }
  return raster;
}

/** Stretches without a gap. */
function runsOf(course: NoticeContent["course"], scale: Scale): Point[][] {
  const runs: Point[][] = [[]];
  for (const [at, value] of course) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push(placeOf(at, value, scale));
  }
  return runs.filter((run) => run.length > 0);
}

function placeOf(at: number, value: number, { fromMs, toMs, low, high }: Scale): Point {
  const share = (at - fromMs) / (toMs - fromMs);
  const rise = (value - low) / (high - low);
  return {
    x: MARGIN + share * (GRAPH.width - 2 * MARGIN),
    y: MARGIN + (1 - rise) * (GRAPH.height - 2 * MARGIN),
  };
}

function fill({ rgb }: Raster, color: Rgb): void {
  for (let at = 0; at < rgb.length; at++) rgb[at] = color[at % 3] ?? 0;
}

/** Lays a colour over a pixel; `cover` is from 0 to 1. */
function lay(
  { width, height, rgb }: Raster,
  { x, y, color, cover }: Point & { color: Rgb; cover: number },
): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  const at = (y * width + x) * 3;
  for (const [part, value] of color.entries())
    rgb[at + part] = Math.round((rgb[at + part] ?? 0) * (1 - cover) + value * cover);
}

type Stroke = { from: Point; to: Point; size: number; color: Rgb };

/** A line with round ends and soft edges: each pixel by its distance from it. */
function stroke(raster: Raster, { from, to, size, color }: Stroke): void {
  const reach = size / 2 + 1;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  const [left, right] = [Math.min(from.x, to.x) - reach, Math.max(from.x, to.x) + reach];
  const [top, bottom] = [Math.min(from.y, to.y) - reach, Math.max(from.y, to.y) + reach];
  for (let y = Math.floor(top); y <= bottom; y++)
    for (let x = Math.floor(left); x <= right; x++) {
      const along = square === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / square;
      const share = Math.min(1, Math.max(0, along));
      const away = Math.hypot(x - from.x - share * dx, y - from.y - share * dy);
      const cover = Math.min(1, Math.max(0, size / 2 + 0.5 - away));
      if (cover > 0) lay(raster, { x, y, color, cover });
    }
}

/** The ground below a piece of the line. */
function shade(raster: Raster, { from, to, color }: Omit<Stroke, "size">): void {
  const bottom = raster.height - MARGIN;
  for (let x = Math.ceil(from.x); x < to.x; x++) {
    const share = (x - from.x) / (to.x - from.x);
    for (let y = Math.ceil(from.y + share * (to.y - from.y)); y <= bottom; y++)
      lay(raster, { x, y, color, cover: 0.12 });
  }
}
