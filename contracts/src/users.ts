import { z } from 'zod';
import { regionCodeSchema } from './region.ts';
import { nameSchema } from './text.ts';

/** 角色. clerk handles cases; inspector watches; supervisor orders; leader is told; administrator sets up. */
export const roleSchema = z.enum(['inspector', 'leader', 'supervisor', 'clerk', 'administrator']);
export type Role = z.infer<typeof roleSchema>;

export const userSchema = z.object({
  id: z.int(),
  username: nameSchema,
  name: nameSchema,
  role: roleSchema,
  /** The user sees this region and everything below it, and nothing else. */
  region: regionCodeSchema,
  disabled: z.boolean(),
});
export type User = z.infer<typeof userSchema>;

export const signInSchema = z.strictObject({ username: nameSchema, password: z.string().min(1).max(1000) });
export type SignIn = z.infer<typeof signInSchema>;

export const newUserSchema = z.strictObject({
  username: nameSchema,
  name: nameSchema,
  role: roleSchema,
  region: regionCodeSchema,
  password: z.string().min(10, 'expected at least 10 characters').max(1000),
});
export type NewUser = z.infer<typeof newUserSchema>;

/** PATCH /api/users/:id: what is absent stays. */
export const userChangeSchema = z.strictObject({
  name: nameSchema.optional(),
  role: roleSchema.optional(),
  region: regionCodeSchema.optional(),
  disabled: z.boolean().optional(),
  password: newUserSchema.shape.password.optional(),
});
export type UserChange = z.infer<typeof userChangeSchema>;
