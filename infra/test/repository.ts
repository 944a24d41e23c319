// What the rest of the repository says, for tests that hold the templates to it.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** A file of the repository. */
export function file(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Every environment variable that a setting of the backend is read from. */
export function backendVariables(): Set<string> {
  const folder = 'backend/src/config';
  const sources = readdirSync(join(root, folder)).map((name) => file(`${folder}/${name}`));
  return new Set(sources.flatMap((text) => [...text.matchAll(/\benv = "(\w+)"/g)].map(([, name]) => String(name))));
}
