"use client";
import { useState } from "react";
import { FoldedText } from "@/components/trace/folded-text";
import { JsonView } from "@/components/trace/json-view";
import { RichText } from "@/components/trace/rich-text";
import { Button } from "@/components/ui/button";
import { formatBytes, plain } from "@/lib/format";
import { type Block, blocksOf, imageUrl, jsonOf } from "@/lib/sessions/content";

/** How text among the blocks is meant: prose of a person or model, or output of a tool. */
type Reading = "prose" | "output";

/** What a message or a result holds, block by block. Text is never run, images wait for a click. */
export function ContentView({
  content,
  reading,
  limit,
}: {
  content: unknown;
  reading: Reading;
  limit?: number;
}) {
  const blocks = blocksOf(content).map((block, at) => ({ id: `${at}`, block }));
  if (blocks.length === 0) return <p className="text-ink-3">No content.</p>;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {blocks.map(({ id, block }) => (
        <BlockView key={id} block={block} reading={reading} limit={limit} />
      ))}
    </div>
  );
}

function BlockView({ block, reading, limit }: { block: Block; reading: Reading; limit?: number }) {
  switch (block.kind) {
    case "text":
      return reading === "prose" ? (
        <FoldedText
          text={block.text}
          limit={limit ?? 6000}
          render={(shown) => <RichText text={shown} />}
        />
      ) : (
        <Output text={block.text} limit={limit} />
      );
    case "image":
    case "document":
      return <Media block={block} reading={reading} limit={limit} />;
    case "search_result":
      return (
        <div className="min-w-0 border-l-2 pl-2">
          <p className="font-medium">{block.title}</p>
          {block.source ? <p className="break-all text-sm text-ink-3">{block.source}</p> : null}
          <FoldedText text={block.text} limit={limit} />
        </div>
      );
    case "redacted":
      return <p className="text-ink-3">Redacted by the platform.</p>;
    case "other":
      return (
        <div>
          <p className="text-sm text-ink-3">
            Block of type “{plain(block.type)}”, shown as it came
          </p>
          <JsonView value={block.value} open={1} />
        </div>
      );
  }
}

/** Tool output: JSON as a tree, everything else as it was printed. */
function Output({ text, limit }: { text: string; limit?: number }) {
  const json = text.length < 400_000 ? jsonOf(text) : null;
  if (json !== null) return <JsonView value={json} />;
  return <FoldedText text={text} mono limit={limit} />;
}

type MediaBlock = Extract<Block, { kind: "image" | "document" }>;

function Media({ block, reading, limit }: { block: MediaBlock; reading: Reading; limit?: number }) {
  const [shown, setShown] = useState(false);
  const url = imageUrl(block);
  const facts = [
    block.title,
    block.mediaType,
    block.bytes === null ? null : formatBytes(block.bytes),
    block.fileId,
    block.url,
  ].filter((fact) => fact !== null);
  return (
    <div className="flex min-w-0 flex-col items-start gap-1 rounded-md border p-2">
      <p className="max-w-full wrap-anywhere text-sm text-ink-2">
        {block.kind === "image" ? "Image" : "Document"}
        {facts.length > 0 ? ` · ${facts.map(plain).join(" · ")}` : null}
      </p>
      {block.text === null ? null : (
        <FoldedText text={block.text} limit={limit} mono={reading === "output"} />
      )}
      {url ? (
        <Button size="sm" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? "Hide image" : "Show image"}
        </Button>
      ) : null}
      {url && shown ? (
        <img src={url} alt={block.title ?? "from the session"} className="max-h-96 max-w-full" />
      ) : null}
    </div>
  );
}
