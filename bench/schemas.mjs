// The typed endpoints' schemas for zod, with which Nuages and Express check.
import { z } from "zod";

export const Item = z.object({
  id: z.int(),
  name: z.string(),
  price: z.number(),
  tags: z.array(z.string()),
});

const Line = z.object({
  sku: z.string().min(1).max(20),
  quantity: z.int().min(1),
  price: z.number().min(0),
});

export const NewOrder = z.object({
  customer: z.string().min(1).max(100),
  priority: z.int().min(1).max(5),
  gift: z.boolean(),
  note: z.string().max(500),
  lines: z.array(Line).min(1),
});

export const Order = z.object({
  id: z.int(),
  customer: z.string(),
  priority: z.int(),
  gift: z.boolean(),
  total: z.number(),
  skus: z.array(z.string()),
});

export const Search = z.object({
  q: z.string().min(1),
  page: z.int().min(1).default(1),
  exact: z.boolean().default(false),
});

export const Results = z.object({
  q: z.string(),
  page: z.int(),
  exact: z.boolean(),
  names: z.array(z.string()),
});
