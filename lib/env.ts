import { z } from "zod";

/** Something the operator has to put right: printed as one line, without a stack. */
export class StartupError extends Error {
  override name = "StartupError";
}

const optional = z
  .string()
  .optional()
  .transform((value) => (value === "" ? undefined : value));

const flag = z
  .enum(["true", "false", ""], { error: "expected true or false" })
  .optional()
  .transform((value) => value === "true");

const postgresUrl = optional.refine(
  (value) => value === undefined || /^postgres(ql)?:\/\/./.test(value),
  "expected postgresql://user:password@host:5432/database",
);

/** Days from 1 to ten years. */
const days = (usual: number) =>
  z
    .string()
    .regex(/^\d*$/, "expected a number of days from 1 to 3650")
    .transform((value) => Number(value || usual))
    .refine((value) => value >= 1 && value <= 3650, "expected a number of days from 1 to 3650")
    .default(usual);
const cidrs = optional.refine(
  (value) => (value ?? "").split(",").every((part) => part.trim() === "" || isCidr(part.trim())),
  "expected addresses or CIDRs between commas, like 10.0.0.0/8,::1/128",
);

const keyMaterial = optional.refine(
  (value) => value === undefined || value.length >= 32,
  "expected at least 32 characters, for example of: openssl rand -base64 32",
);

const httpUrl = (like: string) =>
  optional.refine(
    (value) => value === undefined || /^https?:\/\/[^/\s]+/.test(value),
    `expected an address like ${like}`,
  );

const domains = optional
  .transform((value) => (value ?? "").split(",").map((part) => part.trim().toLowerCase()))
  .transform((parts) => parts.filter((part) => part !== ""))
  .refine(
    (parts) => parts.every((part) => /^[^\s@]+\.[^\s@]+$/.test(part)),
    "expected domains between commas, like example.com,example.org",
  );

const OIDC_ROLES = ["none", "admin", "operator", "viewer", "cost"] as const;

const Variables = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).catch("production"),
  CI: optional.transform((value) => value !== undefined && value !== "false"),
  PORT: z
    .string()
    .regex(/^\d*$/, "expected a port number from 1 to 65535")
    .transform((value) => Number(value || 3000))
    .refine((port) => port >= 1 && port <= 65535, "expected a port number from 1 to 65535")
    .default(3000),
  HOST: optional.transform((value) => value ?? "0.0.0.0"),
  DATABASE_URL: postgresUrl,
  DATABASE_DIRECT_URL: postgresUrl,
  WATCHKEEPER_DATA: optional.transform((value) => value ?? ".data"),
  WATCHKEEPER_SECRET: keyMaterial,
  WATCHKEEPER_SECRET_PREVIOUS: keyMaterial,
  WATCHKEEPER_INIT_API_KEY: optional.refine(
    (value) => value === undefined || /^wk_\S{16,}$/.test(value),
    "expected wk_ followed by at least 16 characters",
  ),
  WATCHKEEPER_INIT_EMAIL: optional.refine(
    (value) => value === undefined || z.email().safeParse(value).success,
    "expected an e-mail address",
  ),
  WATCHKEEPER_INIT_PASSWORD: optional,
  WATCHKEEPER_OUTBOUND_ALLOW: cidrs,
  WATCHKEEPER_TRUSTED_PROXIES: cidrs,
  WATCHKEEPER_METRICS_PUBLIC: flag,
  WATCHKEEPER_AUDIT_DAYS: days(400),
  WATCHKEEPER_PUBLIC_URL: httpUrl("https://watchkeeper.example.com").transform((value) =>
    value?.replace(/\/+$/, ""),
  ),
  WATCHKEEPER_OIDC_ISSUER: httpUrl("https://id.example.com"),
  WATCHKEEPER_OIDC_CLIENT_ID: optional,
  WATCHKEEPER_OIDC_CLIENT_SECRET: optional,
  WATCHKEEPER_OIDC_NAME: optional.transform((value) => value ?? "single sign-on"),
  WATCHKEEPER_OIDC_ROLE: z
    .enum(["", ...OIDC_ROLES], { error: `expected one of ${OIDC_ROLES.join(", ")}` })
    .optional()
    .transform((value) => value || "none"),
  WATCHKEEPER_OIDC_ALLOWED_DOMAINS: domains,
  WATCHKEEPER_OIDC_ROLE_CLAIM: optional,
});

const NEEDED_WITH_ISSUER = [
  "WATCHKEEPER_OIDC_CLIENT_ID",
  "WATCHKEEPER_OIDC_CLIENT_SECRET",
] as const;

const Env = Variables.superRefine((given, context) => {
  if (given.WATCHKEEPER_OIDC_ISSUER === undefined) return;
  for (const name of NEEDED_WITH_ISSUER)
    if (given[name] === undefined)
      context.addIssue({
        code: "custom",
        path: [name],
        message: "expected what the provider gave, beside WATCHKEEPER_OIDC_ISSUER",
      });
});
export type Env = z.infer<typeof Env>;

function isCidr(text: string): boolean {
  return z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]).safeParse(text).success;
}

/** @throws StartupError naming the first wrong variable and what is expected; secrets are not repeated. */
export function readEnv(variables: Record<string, string | undefined>): Env {
  const parsed = Env.safeParse(variables);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0]);
  const isSecret = /SECRET|PASSWORD|KEY|DATABASE/.test(name);
  const value = isSecret ? "its value" : `"${variables[name] ?? ""}"`;
  throw new StartupError(`${name}: ${value} is not valid: ${issue?.message}.`);
}

/** The settings of this process. Mutable in one respect only: see `setDatabaseUrl`. */
export const env: Env = readEnv(process.env);

/** For commands that start the embedded database and so learn its address late. */
export function setDatabaseUrl(url: string): void {
  env.DATABASE_URL = url;
}

/** The environment of a child process of ours: this one's, with additions. */
export function childEnv(additions: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...additions };
}
