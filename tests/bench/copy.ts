import type pg from "pg";

type Connection = {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
};

/** One `COPY … FROM STDIN` of text that is ready; `pg` knows the protocol's messages, not the statement. */
class CopyIn {
  readonly done: Promise<void>;
  #resolve: () => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(
    readonly statement: string,
    readonly text: Buffer,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }
  submit(connection: Connection): void {
    connection.query(this.statement);
  }
  handleCopyInResponse(connection: Connection): void {
    connection.sendCopyFromChunk(this.text);
    connection.endCopyFrom();
  }
  handleCommandComplete(): void {}
  handleError(error: Error): void {
    this.#reject(error);
  }
  handleReadyForQuery(): void {
    this.#resolve();
  }
}

export async function copyIn(client: pg.Client, statement: string, text: Buffer): Promise<void> {
  const copy = new CopyIn(statement, text);
  client.query(copy as unknown as pg.Submittable);
  await copy.done;
}

/** Rows in COPY's text format. */
export function copyText(rows: ReadonlyArray<readonly string[]>): Buffer {
  const lines = rows.map((row) => row.map(escaped).join("\t"));
  return Buffer.from(`${lines.join("\n")}\n`);
}

const ESCAPES: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function escaped(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}
