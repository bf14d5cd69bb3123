import { expect, it } from "vitest";
import { parseBaseUrl } from "@/lib/connections/base-url";

it.each([
  ["https://api.anthropic.com", "https://api.anthropic.com"],
  ["https://api.anthropic.com/", "https://api.anthropic.com"],
  ["https://api.anthropic.com///", "https://api.anthropic.com"],
  ["https://api.anthropic.com/v1", "https://api.anthropic.com"],
  ["https://api.anthropic.com/v1/", "https://api.anthropic.com"],
  ["HTTPS://API.Anthropic.com:443", "https://api.anthropic.com"],
  ["https://gateway.example.com/anthropic/", "https://gateway.example.com/anthropic"],
  ["https://gateway.example.com/a-b/~c.d/v1", "https://gateway.example.com/a-b/~c.d"],
  ["https://gateway.example.com/a/../b", "https://gateway.example.com/b"],
  ["https://gateway.example.com/v10", "https://gateway.example.com/v10"],
  ["http://127.0.0.1:8080/", "http://127.0.0.1:8080"],
  ["http://2130706433:8080", "http://127.0.0.1:8080"],
  ["http://[::1]:8080", "http://[::1]:8080"],
  ["https://bücher.example", "https://xn--bcher-kva.example"],
])("takes %s as %s", (text, url) => {
  expect(parseBaseUrl(text)).toEqual({ kind: "ok", url });
  expect(parseBaseUrl(url)).toEqual({ kind: "ok", url });
});

it.each([
  ["api.anthropic.com", "expected a URL like https://api.anthropic.com"],
  ["", "expected a URL like"],
  ["https://", "expected a URL like"],
  ["ftp://example.com", "expected a URL that begins with https://"],
  ["javascript:alert(1)", "expected a URL that begins with https://"],
  ["https://user@example.com", "a user name or password"],
  ["https://user:hunter2@example.com", "a user name or password"],
  ["https://example.com/?a=1", "nothing may follow the path"],
  ["https://example.com?", "nothing may follow the path"],
  ["https://example.com/#a", "nothing may follow the path"],
  ["https://example.com//a", "its path may hold"],
  ["https://example.com/a//b", "its path may hold"],
  ["https://example.com/a%2fb", "its path may hold"],
  ["https://example.com/a b", "its path may hold"],
  ["https://example.com/a;b", "its path may hold"],
])("refuses %s", (text, problem) => {
  expect(parseBaseUrl(text)).toEqual({
    kind: "wrong",
    problem: expect.stringContaining(problem),
  });
});
