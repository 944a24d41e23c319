// Containers: what templates and images each say about ports, users, paths, commands and variables is the same.

import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { backendContainer, frontendContainer } from '../lib/containers';
import { backendVariables, file } from './repository';

const backendImage = file('docker/backend.Dockerfile');
const frontendImage = file('docker/frontend.Dockerfile');
const compose = file('docker/compose.yaml');
const server = file('docker/nginx/nginx.conf');
const serverVariables = file('docker/nginx/environment.lua');

/** The part of a Dockerfile that makes one of its images. */
function target(dockerfile: string, name: string): string {
  const stage = dockerfile.split(/^FROM /m).find((text) => text.split('\n')[0]?.endsWith(` AS ${name}`));
  assert.ok(stage !== undefined, `no stage ${name}`);
  return stage;
}

test('the backend image is what the task expects, with a graphics card and without', () => {
  for (const stage of ['gpu', 'cpu'].map((name) => target(backendImage, name))) {
    assert.match(stage, new RegExp(`^USER ${backendContainer.user}$`, 'm'));
    assert.match(stage, new RegExp(`^EXPOSE ${backendContainer.port} `, 'm'));
    const [, ...health] = backendContainer.healthCommand;
    assert.ok(stage.includes(`CMD ${JSON.stringify(health).replaceAll(',', ', ')}`), 'health check');
    assert.ok(stage.includes(`ENTRYPOINT ["${health[0]}"]`), 'entry point');
    assert.ok(stage.includes(`CMD ["${backendContainer.command[0]}"]`), 'command');
  }
  const { dir, base } = posix.parse(backendContainer.databaseCertificates);
  assert.match(target(backendImage, 'booth'), new RegExp(`/${base} /image${dir}/$`, 'm'));
});

test('the backend image with a graphics card is the one without, but for the device', () => {
  const steps = (stage: string) => target(backendImage, stage).split('\n').slice(1).filter((line) => !/^(#|$)/.test(line)).join('\n');
  const made = steps('gpu').replace('onnxruntime-gpu', 'onnxruntime-cpu').replace('DEVICE=cuda:0', 'DEVICE=cpu');
  assert.equal(made, steps('cpu'));
});

test('the page server is what the task expects', () => {
  const stage = target(frontendImage, 'frontend');
  assert.match(stage, new RegExp(`^USER ${frontendContainer.user}$`, 'm'));
  assert.match(stage, new RegExp(`^EXPOSE ${frontendContainer.port}$`, 'm'));
  assert.match(server, new RegExp(`listen .*\\b${frontendContainer.port}\\b`));
  assert.ok(server.includes(`location = ${frontendContainer.readyPath} `));
  for (const variable of [frontendContainer.storageOriginVariable, frontendContainer.schemeVariable]) {
    assert.ok(serverVariables.includes(`os.getenv("${variable}")`), variable);
  }
});

test('every variable of images and compose is one that somebody reads', () => {
  const known = backendVariables();
  for (const text of [backendImage, compose]) {
    const named = new Set([...text.matchAll(/\bPHOTOBOOTH_\w+/g)].map(([name]) => name));
    assert.ok(named.size >= 9);
    for (const name of named) {
      assert.ok(known.has(name) || serverVariables.includes(`os.getenv("${name}")`), `nobody reads ${name}`);
    }
  }
});

test('compose starts the same images, by the same commands', () => {
  const services = compose.split(/^services:$/m)[1]?.split(/^  (?=\w)/m) ?? [];
  const service = (name: string) => services.find((text) => text.startsWith(`${name}:`)) ?? '';
  assert.match(service('frontend'), new RegExp(`^    ports: \\["127\\.0\\.0\\.1:.*:${frontendContainer.port}"\\]$`, 'm'));
  for (const role of ['serve', 'work', 'migrate']) {
    assert.match(service(role), new RegExp(`^    command: \\[${role}\\]$`, 'm'), role);
  }
});
