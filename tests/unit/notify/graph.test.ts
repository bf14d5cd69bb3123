import { inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { drawCourse, GRAPH, scaleOf } from "@/lib/notify/graph";
import { encodePng } from "@/lib/notify/png";
import { content } from "@/tests/support/notices";

const RED = [200, 0, 0] as const;

it("draws the course, and leaves its gaps open", () => {
  const flat = (value: number | null, minute: number): [number, number | null] => [
    minute * 60_000,
    value,
  ];
  const course = [1, 1, null, 1, 1].map(flat);
  const raster = drawCourse(content({ course, threshold: null }), RED);
  if (!raster) throw new Error("nothing drawn");
  const at = (x: number, y: number) => [
    ...raster.rgb.subarray((y * raster.width + x) * 3).slice(0, 3),
  ];
  const top = 12;
  const step = (GRAPH.width - 24) / 4;
  expect(at(Math.round(12 + step / 2), top)).toEqual([...RED]);
  expect(at(Math.round(12 + 1.5 * step), top)).not.toEqual([...RED]);
  expect(at(Math.round(12 + 2.5 * step), top)).not.toEqual([...RED]);
  expect(at(Math.round(12 + 3.5 * step), top)).toEqual([...RED]);
});

it("draws nothing without two values", () => {
  expect(drawCourse(content({ course: [] }), RED)).toBeNull();
  expect(drawCourse(content({ course: [[0, 1]] }), RED)).toBeNull();
  expect(
    drawCourse(
      content({
        course: [
          [0, 1],
          [60_000, null],
        ],
      }),
      RED,
    ),
  ).toBeNull();
});

it("has the bound within the picture", () => {
  expect(
    scaleOf(
      content({
        course: [
          [0, 0.1],
          [60_000, 0.2],
        ],
        threshold: 0.5,
      }),
    ),
  ).toEqual({
    ...{ fromMs: 0, toMs: 60_000, low: 0, high: 0.5 },
  });
});

it("writes a PNG that holds the very pixels", () => {
  const rgb = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const png = encodePng({ width: 2, height: 2, rgb });
  expect(png.subarray(0, 8)).toEqual(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2, 2]);
  const at = png.indexOf("IDAT");
  const data = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  expect([...data]).toEqual([0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10, 11, 12]);
});
