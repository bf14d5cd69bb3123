"use client";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { SCROLLABLE } from "@/components/ui/scrollable";

const heading: Components["p"] = ({ children }) => (
  <p className="mt-2 mb-1 font-semibold first:mt-0">{children}</p>
);

/**
 * How an agent's markdown is drawn. HTML in it is shown as text, images are only named: loading one
 * would tell its server who reads this session. Headings are bold lines, for the page has its own.
 */
const COMPONENTS: Components = {
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  p: ({ children }) => <p className="my-1.5 wrap-anywhere first:mt-0 last:mb-0">{children}</p>,
  a: ({ href, children }) => (
    <a
      href={href}
      target="_blank"
      rel="noreferrer nofollow"
      className="wrap-anywhere text-accent underline underline-offset-2"
    >
      {children}
    </a>
  ),
  img: ({ alt, src }) => (
    <span className="rounded-sm bg-quiet-soft px-1 text-sm text-ink-2">
      image not loaded: {alt || "no description"}
      {typeof src === "string" ? ` (${src})` : null}
    </span>
  ),
  ul: ({ children }) => <ul className="my-1.5 list-disc pl-5">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="my-1.5 list-decimal pl-5">
      {children}
    </ol>
  ),
  li: ({ children }) => <li className="my-0.5 [&>input]:mr-1.5">{children}</li>,
  input: ({ checked }) => <span>{checked ? "☑ " : "☐ "}</span>,
  blockquote: ({ children }) => (
    <blockquote className="my-1.5 border-l-2 pl-3 text-ink-2">{children}</blockquote>
  ),
  pre: ({ children }) => (
    <pre
      {...SCROLLABLE}
      className="my-1.5 max-h-96 overflow-auto rounded-md border bg-sunken p-2 font-mono text-sm leading-5"
    >
      {children}
    </pre>
  ),
  code: ({ children }) => (
    <code className="rounded-sm bg-sunken px-0.5 font-mono text-sm">{children}</code>
  ),
  hr: () => <hr className="my-2" />,
  table: ({ children }) => (
    <div {...SCROLLABLE} className="my-1.5 overflow-x-auto">
      <table className="border-collapse text-base">{children}</table>
    </div>
  ),
  th: ({ children }) => (
    <th className="border bg-sunken px-2 py-1 text-left font-medium">{children}</th>
  ),
  td: ({ children }) => <td className="border px-2 py-1 align-top">{children}</td>,
};

const PLUGINS = [remarkGfm];

export function MarkdownText({ text }: { text: string }) {
  return (
    <Markdown remarkPlugins={PLUGINS} components={COMPONENTS}>
      {text}
    </Markdown>
  );
}
