import { dollarsOfNanos } from "@/lib/costs/dollars";
import { withoutFormula } from "@/lib/format";
import type { Charge } from "./schema";

type Cell = string | number | null;
type Columns = Record<string, (charge: Charge) => Cell>;

const UNITS = { tokens: "Tokens", runtime: "Hours", web_search: "Searches" } as const;
const WORDS = {
  tokens: "Tokens",
  runtime: "Session running time",
  web_search: "Web searches",
} as const;

const iso = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");
/** The month of UTC that holds the instant. */
const month = (ms: number, after: 0 | 1) => {
  const at = new Date(ms);
  return iso(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + after));
};
const cost = ({ nanos }: Charge) => dollarsOfNanos(nanos);
const none = () => null;
/** What senders have named; an amount may begin with a minus, and stays a number. */
const told = (text: string | null) => withoutFormula(text || null);

const PLAIN: Columns = {
  from: ({ fromMs }) => iso(fromMs),
  to: ({ toMs }) => iso(toMs),
  cost_centre: ({ centre }) => told(centre),
  agent_id: ({ agent }) => told(agent),
  agent_name: ({ agentName }) => told(agentName),
  meter: ({ meter }) => meter,
  model: ({ model }) => told(model),
  quantity: ({ quantity }) => quantity,
  unit: ({ meter }) => UNITS[meter].toLowerCase(),
  cost_usd: cost,
  unpriced_tokens: ({ unpricedTokens }) => unpricedTokens,
};

/**
 * Source: the FinOps Open Cost and Usage Specification 1.2. What is billed is not known per agent, so every
 * column of cost has the computed one, and says so.
 */
const FOCUS: Columns = {
  BilledCost: cost,
  BillingAccountId: () => "watchkeeper",
  BillingAccountName: none,
  BillingCurrency: () => "USD",
  BillingPeriodEnd: ({ fromMs }) => month(fromMs, 1),
  BillingPeriodStart: ({ fromMs }) => month(fromMs, 0),
  ChargeCategory: () => "Usage",
  ChargeClass: none,
  ChargeDescription: ({ meter, model }) => [WORDS[meter], model].filter(Boolean).join(", "),
  ChargeFrequency: () => "Usage-Based",
  ChargePeriodEnd: ({ toMs }) => iso(toMs),
  ChargePeriodStart: ({ fromMs }) => iso(fromMs),
  ConsumedQuantity: ({ quantity }) => quantity,
  ConsumedUnit: ({ meter }) => UNITS[meter],
  ContractedCost: cost,
  EffectiveCost: cost,
  InvoiceIssuerName: () => "Anthropic",
  ListCost: cost,
  PricingCategory: () => "Standard",
  PricingQuantity: ({ quantity }) => quantity,
  PricingUnit: ({ meter }) => UNITS[meter],
  ProviderName: () => "Anthropic",
  PublisherName: () => "Anthropic",
  ResourceId: ({ agent }) => told(agent),
  ResourceName: ({ agentName }) => told(agentName),
  ResourceType: ({ agent }) => (agent ? "Agent" : null),
  ServiceCategory: () => "AI and Machine Learning",
  ServiceName: () => "Claude Managed Agents",
  ServiceSubcategory: () => "Generative AI",
  SkuId: ({ meter, model }) => [meter, model].filter(Boolean).join("/"),
  SkuMeter: ({ meter }) => WORDS[meter],
  SubAccountId: ({ centre }) => told(centre),
  SubAccountName: ({ centre }) => told(centre),
  Tags: ({ centre }) => JSON.stringify(centre ? { cost_centre: centre } : {}),
  x_CostBasis: () => "computed from the price book",
  x_UnpricedTokens: ({ unpricedTokens }) => unpricedTokens,
};

const COLUMNS = { csv: PLAIN, focus: FOCUS } as const;
type Format = keyof typeof COLUMNS;

export const headOf = (format: Format): string[] => Object.keys(COLUMNS[format]);

/** Amounts are decimals to the nano-dollar. */
export const cellsOf = (charge: Charge, format: Format): Cell[] =>
  Object.values(COLUMNS[format]).map((column) => column(charge));
