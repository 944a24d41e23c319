// The runbook: every name in it is one that the templates know.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { collectorContainer, firstImageTag } from '../lib/containers';
import { environmentNamed } from '../lib/environments';
import { facts, operatorValues, secrets, settings } from '../lib/parameters';
import { stackNames, templateText } from './templates';

const runbook = readFileSync(join(__dirname, '../README.md'), 'utf8');
const staging = environmentNamed('staging');

test('every parameter and secret that the runbook names is one', () => {
  const known = new Set<string>([settings, operatorValues, facts, secrets].flatMap((group) => Object.values(group)));
  const named = [...runbook.matchAll(/\/ai-photobooth\/\$E\/([\w/-]+)/g)].map(([, key]) => String(key));
  assert.ok(named.length >= 8);
  for (const key of named) {
    assert.ok(known.has(key), key);
  }
});

test('every resource that the runbook names is in a template', () => {
  const templates = stackNames.map((stack) => templateText('staging', staging, stack)).join();
  const later = /-(new)$/;
  const named = [...runbook.matchAll(/\b((?:ai-)?photobooth-(?:[a-z-]+-)?\$E(?:-[a-z-]*[a-z])?)/g)]
    .map(([, name]) => String(name).replace('$E', 'staging').replace(later, ''));
  assert.ok(named.length >= 15);
  for (const name of new Set(named)) {
    assert.ok(templates.includes(name), name);
  }
});

test('the runbook pushes the images that the services start with', () => {
  assert.ok(runbook.includes(`:${firstImageTag}\n`));
  assert.ok(runbook.includes(`${collectorContainer.source.split('/').at(-1)}:${collectorContainer.tag}`));
});
