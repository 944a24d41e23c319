// What the rest of the repository says, for tests that hold the templates to it.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** Where a file of the repository lies. */
export function pathOf(path: string): string {
  return join(root, path);
}

/** A file of the repository. */
export function file(path: string): string {
  return readFileSync(pathOf(path), 'utf8');
}

/** The names in a folder of the repository, sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(pathOf(folder)).sort();
}

/** Every environment variable that `backend all --help` names; a test of the backend holds the file to it. */
export function backendVariables(): Set<string> {
  const help = file('backend/settings.txt');
  return new Set([...help.matchAll(/\[env: (\w+)\]/g)].map(([, name]) => String(name)));
}
