import { expect, test } from '@jest/globals';
import { pageOrigins } from './origins.ts';

test("the centre's own pages may watch, under every name of this machine", () => {
  expect(pageOrigins([], 'http://127.0.0.1:8080')).toEqual([
    'http://127.0.0.1:8080',
    'http://localhost:8080',
    'http://[::1]:8080',
  ]);
  expect(pageOrigins(['https://mingjing.example.gov.cn/wall'], 'http://centre:8080')).toEqual([
    'https://mingjing.example.gov.cn',
  ]);
});
