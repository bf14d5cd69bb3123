import { Panel } from "@/components/shell/panel";
import { Tag } from "@/components/ui/tag";

/** The door that is not built yet says so. */
export function ConnectPanel() {
  return (
    <Panel title="Connect an Anthropic workspace" actions={<Tag>not there yet</Tag>}>
      <p className="text-ink-2">
        Watchkeeper will read sessions by itself with an API key and webhooks. This version cannot:
        until then, send events or import files.
      </p>
    </Panel>
  );
}
