"use client";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import Link from "next/link";
import { Clause } from "@/components/alerts/clause";
import type { RuleForm } from "@/components/alerts/rule-form";
import { useHref } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { Menu, MenuCheck } from "@/components/ui/menu";
import { plain } from "@/lib/format";
import { channelsList } from "@/lib/notify/queries";

/** Who is told beside those that routes name. */
export function ChannelsClause({ form }: { form: RuleForm }) {
  const { draft, change } = form;
  const href = useHref();
  const query = useQuery(channelsList());
  const known = query.data?.data ?? [];
  const nameOf = (id: string) => known.find((channel) => channel.id === id)?.name ?? id;
  if (query.data && known.length === 0)
    return (
      <p className="text-ink-2">
        There is no channel yet, so nobody is told:{" "}
        <Link
          href={href("/alerts/channels", { channel: "new" })}
          className="underline underline-offset-2"
        >
          add one
        </Link>
        .
      </p>
    );
  return (
    <Clause form={form} paths={["channels"]}>
      and tell
      <Menu
        label="Channels"
        trigger={
          <Button className="min-w-0 font-normal">
            <span className="sr-only">Channels: </span>
            <span className="truncate">
              {draft.channels.length === 0
                ? "whom the routes name"
                : plain(draft.channels.map(nameOf).join(", "))}
            </span>
            <ChevronDown size={14} aria-hidden className="shrink-0 text-ink-3" />
          </Button>
        }
      >
        {known.map(({ id, name }) => (
          <MenuCheck
            key={id}
            checked={draft.channels.includes(id)}
            onChange={(isChosen) =>
              change({
                channels: isChosen
                  ? [...draft.channels, id]
                  : draft.channels.filter((one) => one !== id),
              })
            }
          >
            {name}
          </MenuCheck>
        ))}
      </Menu>
      {draft.channels.length > 0 ? "beside whom the routes name" : null}
    </Clause>
  );
}
