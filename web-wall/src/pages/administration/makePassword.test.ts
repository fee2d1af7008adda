import { expect, test } from '@jest/globals';
import { newUserSchema } from '@mingjing/contracts';
import { makePassword } from './makePassword.ts';

test('passwords that are made here are taken, differ, and can be read aloud', () => {
  const made = Array.from({ length: 200 }, makePassword);
  expect(new Set(made).size).toBe(made.length);
  for (const password of made) {
    expect(newUserSchema.shape.password.safeParse(password).success).toBe(true);
    expect(password).toMatch(/^[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){3}$/);
  }
});
