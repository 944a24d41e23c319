// Settings: what the templates say, the backend understands; what they read, somebody writes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allEnvironments } from '../lib/environments';
import { namesOf } from '../lib/names';
import { facts, operatorValues, parameterName, secrets } from '../lib/parameters';
import { backendVariables } from './repository';
import { at, listOf, resource, resources, stackNames, template } from './templates';
import policy from '../scaling.json';

/** The parameters and secrets that every environment promises. */
const promised = {
  parameters: [
    'environment',
    'region',
    'log-retention-days',
    'autoscaling/min-capacity',
    'autoscaling/max-capacity',
    'performance/processing-timeout-ms',
    'features/enable-xray',
    'features/enable-waf',
  ],
  secrets: ['github-token', 'database-credentials', 'external-api-keys'],
};

for (const environment of allEnvironments) {
  const prefix = `/ai-photobooth/${environment.name}`;
  const templates = stackNames.map((stack) => template(environment, stack));
  const booth = template(environment, 'photobooth');
  const [backend] = listOf(
    resource(booth, 'AWS::ECS::TaskDefinition', 'Family', namesOf(environment.name).backend.taskFamily).Properties[
      'ContainerDefinitions'
    ],
  );
  const values = new Map(
    listOf(at(backend, 'Environment')).map((entry) => [String(at(entry, 'Name')), at(entry, 'Value')]),
  );

  test(`${environment.name}: the backend knows every setting that it is given`, () => {
    const known = backendVariables();
    const injected = listOf(at(backend, 'Secrets')).map((entry) => String(at(entry, 'Name')));
    const given = [...values.keys(), ...injected].filter((name) => name.startsWith('PHOTOBOOTH_'));
    assert.ok(given.length >= 15, `${given.length}`);
    for (const name of given) {
      assert.ok(known.has(name), `${name} is no setting of the backend`);
    }
  });

  test(`${environment.name}: the backend is told what belongs to its environment`, () => {
    const injected = JSON.stringify(at(backend, 'Secrets'));
    assert.match(injected, new RegExp(`"PHOTOBOOTH_ENVIRONMENT".*?:parameter${prefix}/environment"`));
    assert.match(injected, new RegExp(`"PHOTOBOOTH_PROCESSING_TIMEOUT_MS".*?${prefix}/performance/processing-timeout-ms`));
    assert.match(injected, /"PHOTOBOOTH_DATABASE_PASSWORD".*?:password::/);
    assert.match(JSON.stringify(values.get('PHOTOBOOTH_DATABASE_URL')), /postgres:\/\/photobooth@.*sslmode=verify-full/);
    const proxies = String(values.get('PHOTOBOOTH_TRUSTED_PROXIES')).split(',');
    const subnets = resources(booth, 'AWS::EC2::Subnet').filter(({ id }) => id.includes('publicSubnet'));
    assert.deepEqual(proxies, subnets.map(({ Properties }) => Properties['CidrBlock']));
  });

  test(`${environment.name}: a queue is full where \`cargo xtask simulate\` says so`, () => {
    const { maxTasks, workersPerTask } = environment.backend;
    assert.ok(policy.waitingPerWorker > 0);
    assert.equal(values.get('PHOTOBOOTH_QUEUE_LIMIT'), String(policy.waitingPerWorker * maxTasks * workersPerTask));
    // The fewest tasks can have a backlog that calls for the largest step.
    const { minTasks } = environment.backend;
    const largest = Math.max(...policy.scaleOut.steps.map(({ backlogPerWorker }) => backlogPerWorker));
    assert.ok(policy.waitingPerWorker * maxTasks >= largest * minTasks);
  });

  test(`${environment.name}: the promised parameters and secrets are there`, () => {
    const written = templates.flatMap((stack) => resources(stack, 'AWS::SSM::Parameter')).map(({ Properties }) => Properties['Name']);
    for (const key of promised.parameters) {
      assert.ok(written.includes(`${prefix}/${key}`), key);
    }
    const kept = templates.flatMap((stack) => resources(stack, 'AWS::SecretsManager::Secret')).map(({ Properties }) => Properties['Name']);
    for (const key of promised.secrets) {
      assert.ok(kept.includes(`${prefix}/${key}`), key);
    }
    assert.equal(kept.length, Object.keys(secrets).length);
  });

  test(`${environment.name}: every parameter that a stack reads is written by an earlier one, or by the operator`, () => {
    const known = new Set(Object.values(operatorValues).map((key) => parameterName(environment.name, key)));
    for (const stack of templates) {
      for (const { Type, Default } of Object.values(stack.Parameters ?? {})) {
        if (Type.startsWith('AWS::SSM::Parameter::Value') && Default?.startsWith('/ai-photobooth/')) {
          assert.ok(known.has(Default), `${Default} is read before it is written`);
        }
      }
      for (const { Properties } of resources(stack, 'AWS::SSM::Parameter')) {
        known.add(String(Properties['Name']));
      }
    }
    for (const key of Object.values(facts)) {
      assert.ok(known.has(parameterName(environment.name, key)), key);
    }
  });
}
