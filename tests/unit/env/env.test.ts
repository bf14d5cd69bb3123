import { describe, expect, it } from "vitest";
import { readEnv, StartupError } from "@/lib/env";

describe("readEnv", () => {
  it("has a default for everything a first start needs", () => {
    expect(readEnv({})).toEqual({
      NODE_ENV: "production",
      PORT: 3000,
      HOST: "0.0.0.0",
      WATCHKEEPER_DATA: ".data",
      WATCHKEEPER_METRICS_PUBLIC: false,
      WATCHKEEPER_OIDC_ALLOWED_DOMAINS: [],
      WATCHKEEPER_OIDC_NAME: "single sign-on",
      WATCHKEEPER_OIDC_ROLE: "none",
      WATCHKEEPER_AUDIT_DAYS: 400,
      CI: false,
    });
  });

  it("takes empty as not set", () => {
    const empty = { PORT: "", HOST: "", DATABASE_URL: "", WATCHKEEPER_DATA: "", CI: "" };
    expect(readEnv({ ...empty, WATCHKEEPER_METRICS_PUBLIC: "" })).toEqual(readEnv({}));
  });

  it("reads what is given", () => {
    const given = readEnv({
      PORT: "8080",
      DATABASE_URL: "postgres://u:p@db:5432/w",
      WATCHKEEPER_OUTBOUND_ALLOW: "10.0.0.0/8, ::1/128,192.168.1.7",
      WATCHKEEPER_METRICS_PUBLIC: "true",
      WATCHKEEPER_PUBLIC_URL: "https://watch.example.com/",
      CI: "true",
    });
    expect(given).toMatchObject({
      PORT: 8080,
      DATABASE_URL: "postgres://u:p@db:5432/w",
      WATCHKEEPER_METRICS_PUBLIC: true,
      WATCHKEEPER_PUBLIC_URL: "https://watch.example.com",
      CI: true,
    });
  });

  it.each([
    ["PORT", "0", 'PORT: "0" is not valid: expected a port number from 1 to 65535.'],
    ["PORT", "65536", 'PORT: "65536" is not valid: expected a port number from 1 to 65535.'],
    ["PORT", "80 ", 'PORT: "80 " is not valid: expected a port number from 1 to 65535.'],
    [
      "DATABASE_URL",
      "mysql://root:hunter2@db/x",
      "DATABASE_URL: its value is not valid: expected postgresql://user:password@host:5432/database.",
    ],
    [
      "WATCHKEEPER_SECRET",
      "hunter2",
      "WATCHKEEPER_SECRET: its value is not valid: expected at least 32 characters, for example of: openssl rand -base64 32.",
    ],
    [
      "WATCHKEEPER_INIT_API_KEY",
      "sk-hunter2hunter2hunter2",
      "WATCHKEEPER_INIT_API_KEY: its value is not valid: expected wk_ followed by at least 16 characters.",
    ],
    [
      "WATCHKEEPER_OIDC_ROLE",
      "owner",
      'WATCHKEEPER_OIDC_ROLE: "owner" is not valid: expected one of none, admin, operator, viewer, cost.',
    ],
    [
      "WATCHKEEPER_OIDC_ALLOWED_DOMAINS",
      "example.com, @example.org",
      'WATCHKEEPER_OIDC_ALLOWED_DOMAINS: "example.com, @example.org" is not valid: expected domains between commas, like example.com,example.org.',
    ],
    [
      "WATCHKEEPER_OIDC_ISSUER",
      "https://id.example.com",
      'WATCHKEEPER_OIDC_CLIENT_ID: "" is not valid: expected what the provider gave, beside WATCHKEEPER_OIDC_ISSUER.',
    ],
    [
      "WATCHKEEPER_INIT_EMAIL",
      "me",
      'WATCHKEEPER_INIT_EMAIL: "me" is not valid: expected an e-mail address.',
    ],
    [
      "WATCHKEEPER_OUTBOUND_ALLOW",
      "10.0.0.0/8,localhost",
      'WATCHKEEPER_OUTBOUND_ALLOW: "10.0.0.0/8,localhost" is not valid: expected addresses or CIDRs between commas, like 10.0.0.0/8,::1/128.',
    ],
    [
      "WATCHKEEPER_METRICS_PUBLIC",
      "yes",
      'WATCHKEEPER_METRICS_PUBLIC: "yes" is not valid: expected true or false.',
    ],
    [
      "WATCHKEEPER_PUBLIC_URL",
      "watch.example.com",
      'WATCHKEEPER_PUBLIC_URL: "watch.example.com" is not valid: expected an address like https://watchkeeper.example.com.',
    ],
  ])("refuses %s=%s in one line", (name, value, message) => {
    expect(() => readEnv({ [name]: value })).toThrow(new StartupError(message));
  });
});
