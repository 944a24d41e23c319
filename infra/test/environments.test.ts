// Environments: three, and nothing else; each apart from the others, each with room for blue and green.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allEnvironments, environmentNamed } from '../lib/environments';
import { namesOf } from '../lib/names';

test('anything but dev, staging and prod is an error that says what is allowed', () => {
  for (const name of [undefined, '', 'production', 'Staging', 'toString', 7]) {
    assert.throws(() => environmentNamed(name), /must be one of dev, staging, prod;/);
  }
  assert.throws(() => environmentNamed('qa'), /not "qa"/);
  assert.equal(environmentNamed('staging').name, 'staging');
});

test('networks do not overlap', () => {
  const networks = allEnvironments.map(({ network }) => network.cidr.split('.').slice(0, 2).join('.'));
  assert.equal(new Set(networks).size, allEnvironments.length);
});

test('guests of prod lose nothing', () => {
  const prod = environmentNamed('prod');
  assert.ok(prod.isKept && !prod.gpu.spot);
  assert.ok(prod.backend.minTasks >= 2 && prod.frontend.minTasks >= 2 && prod.database.readers >= 1);
});

test('the backend may take no longer than its setting allows', () => {
  for (const { processingTimeoutMs } of allEnvironments) {
    assert.ok(processingTimeoutMs >= 1 && processingTimeoutMs <= 3_600_000);
  }
});

test('names fit what AWS allows', () => {
  for (const { name } of allEnvironments) {
    const { backend, frontend, loadBalancer, hook, deployments } = namesOf(name);
    for (const targetGroup of [backend.blue, backend.green, frontend.blue, frontend.green, loadBalancer]) {
      assert.match(targetGroup, /^[a-z][a-z0-9-]{0,30}[a-z0-9]$/);
    }
    assert.match(hook('ApplicationStart'), /^CodeDeployHook_\w{1,49}$/);
    assert.equal(deployments, `ai-photobooth-${name}`);
  }
});
