// The house style, where a program can tell.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';

const root = join(__dirname, '..');
const sources = ['bin', 'lib', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, folder, file)),
);

test('a file opens by saying what happens in it', () => {
  for (const source of sources) {
    assert.match(readFileSync(source, 'utf8'), /^\/\/ [A-Z].*[.:]\n/, relative(root, source));
  }
});

test('files are short and lines are readable', () => {
  for (const source of sources) {
    const lines = readFileSync(source, 'utf8').split('\n');
    assert.ok(lines.length <= 230, `${relative(root, source)} has ${lines.length} lines`);
    const longest = Math.max(...lines.map((line) => line.length));
    assert.ok(longest <= 140, `${relative(root, source)} has a line of ${longest} letters`);
  }
});

test('every value has a type', () => {
  // In pieces, or this file would be found.
  const untyped = new RegExp(`(: |as |<)${'an'}${'y'}\\b|@ts-${'ignore'}|@ts-${'expect'}-error`);
  for (const source of sources) {
    assert.doesNotMatch(readFileSync(source, 'utf8'), untyped, relative(root, source));
  }
});

test('every exception of checkov has a reason', () => {
  const lines = readFileSync(join(root, 'checkov.yaml'), 'utf8').split('\n');
  const exceptions = lines.flatMap((line, index) => (/^ {2}- CKV/.test(line) ? [index] : []));
  assert.ok(exceptions.length > 0);
  for (const index of exceptions) {
    assert.match(lines[index - 1] ?? '', /^ {2}# \S.{20,}/, lines[index]);
  }
});
