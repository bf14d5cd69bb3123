import { clip } from "./clip";
import type { Graph } from "./email-message";
import { type Entry, type Link, type Sheet, stateWord } from "./sheet";
import { hexOf } from "./tones";

const TEXT = 4_000;
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const QUIET = "color:#52525b;font-size:13px";

const MARKS: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const quote = (text: string) => text.replace(/[&<>"']/g, (mark) => MARKS[mark] ?? mark);
const words = (text: string) => clip(text, TEXT, quote);
const paragraphs = (text: string) => words(text).replaceAll("\n", "<br>");

type Parts = { rest: string | null; graphs: ReadonlyMap<string, Graph> };

/** A sheet as HTML that mail programs show: tables and inline styles, no script, nothing from outside. */
export function htmlOf(sheet: Sheet, { rest, graphs }: Parts): string {
  const body = [
    `<h1 style="font-size:20px;line-height:1.3;margin:0 0 8px">${words(sheet.title)}</h1>`,
    ...sheet.reasons.map((reason) => `<p style="margin:0 0 4px">${words(reason)}.</p>`),
    ...sheet.entries.map((entry) => entryHtml(entry, graphs.get(entry.id))),
    ...(rest === null ? [] : [`<p style="margin:16px 0 0">${words(rest)}</p>`]),
    `<p style="margin:20px 0 0">${button(sheet.link)}</p>`,
    `<p style="margin:20px 0 0;${QUIET}">Sent by Watchkeeper.</p>`,
  ].join("\n");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light"><title>${words(sheet.title)}</title></head>
<body style="margin:0;padding:16px;background:#f4f4f5">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border:1px solid #e4e4e7;border-top:4px solid ${hexOf(sheet.tone)}"><tr>
<td style="padding:20px;${FONT};font-size:15px;line-height:1.5;color:#18181b">
${body}
</td></tr></table>
</td></tr></table>
</body></html>`;
}

function entryHtml(entry: Entry, graph: Graph | undefined): string {
  const rows = entry.facts.map(
    ({ name, value }) =>
      `<tr><td valign="top" style="padding:2px 16px 2px 0;${QUIET};white-space:nowrap">${words(name)}</td><td style="padding:2px 0">${words(value)}</td></tr>`,
  );
  const links = entry.links.map(anchor).join(" · ");
  const sessions = entry.sessions.map((link) => `<li>${anchor(link)}</li>`).join("");
  return [
    `<div style="margin:16px 0 0;padding:16px 0 0;border-top:1px solid #e4e4e7">`,
    `<h2 style="font-size:16px;margin:0 0 8px"><span style="color:${hexOf(entry.tone)}">&#9632;</span> ${stateWord(entry)}${words(entry.heading)}</h2>`,
    `<table role="presentation" cellpadding="0" cellspacing="0" style="font-size:15px">${rows.join("")}</table>`,
    graph === undefined ? "" : graphHtml(graph, entry),
    ...entry.texts.map((text) => `<p style="margin:8px 0 0">${paragraphs(text)}</p>`),
    sessions === "" ? "" : `<ul style="margin:8px 0 0;padding-left:20px">${sessions}</ul>`,
    `<p style="margin:8px 0 0">${links}</p></div>`,
  ].join("\n");
}

function graphHtml(graph: Graph, { heading }: Entry): string {
  const { cid, top, bottom, from, to, hasBound } = graph;
  return `<div style="margin:12px 0 0"><div style="${QUIET}">${words(top)}</div>
<img src="cid:${cid}" width="556" alt="${clip(`Course of ${heading}, from ${bottom} to ${top}`, 300, quote)}" style="display:block;width:100%;max-width:556px;height:auto">
<div style="${QUIET}">${words(bottom)}; ${words(from)} to ${words(to)}${hasBound ? ", the bound dashed" : ""}</div></div>`;
}

const href = (url: string) => quote(url);
const anchor = ({ text, url }: Link) =>
  `<a href="${href(url)}" style="color:#1d4ed8">${words(text)}</a>`;
const button = ({ text, url }: Link) =>
  `<a href="${href(url)}" style="display:inline-block;padding:8px 14px;background:#18181b;color:#ffffff;text-decoration:none">${words(text)}</a>`;
