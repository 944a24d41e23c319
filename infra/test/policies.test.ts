// Least privilege: a walk through every policy of every template.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allEnvironments } from '../lib/environments';
import { at, Json, listOf, objectsIn, resources, stackNames, template, Template } from './templates';

/** Actions that AWS lets nobody limit to a resource. */
const knowNoResources = new Set([
  'cloudwatch:PutMetricData',
  'ecr:GetAuthorizationToken',
  'ecs:DiscoverPollEndpoint',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
]);

interface Statement {
  readonly where: string;
  readonly type: string;
  readonly value: { [key: string]: Json };
}

function statements(from: Template): Statement[] {
  return resources(from).flatMap(({ id, Type, Properties }) =>
    [...objectsIn(Properties)]
      .filter((value) => value['Effect'] !== undefined && value['Action'] !== undefined)
      .map((value) => ({ where: id, type: Type, value })),
  );
}

for (const environment of allEnvironments) {
  const all = stackNames.flatMap((stack) => statements(template(environment, stack)));
  const allowed = all.filter(({ value }) => value['Effect'] === 'Allow');

  test(`${environment.name}: there are policies to look at`, () => {
    assert.ok(allowed.length > 20, `${allowed.length}`);
  });

  test(`${environment.name}: no statement allows an action with a star, or all but some`, () => {
    for (const { where, value } of allowed) {
      assert.equal(value['NotAction'], undefined, where);
      for (const action of listOf(value['Action'])) {
        // A key's own policy gives its account the key; without it nobody could.
        const isKeyOwner = action === 'kms:*' && JSON.stringify(value['Principal']).includes(':root');
        assert.ok(isKeyOwner || !String(action).includes('*'), `${where}: ${String(action)}`);
      }
    }
  });

  test(`${environment.name}: all resources are meant only where an action knows none`, () => {
    for (const { where, type, value } of allowed) {
      const isAboutItself = type === 'AWS::KMS::Key';
      if (!isAboutItself && listOf(value['Resource']).includes('*')) {
        const isLimited = at(value['Condition'], 'ArnEquals', 'ecs:cluster') !== undefined;
        for (const action of listOf(value['Action'])) {
          assert.ok(isLimited || knowNoResources.has(String(action)), `${where}: ${String(action)} on *`);
        }
      }
    }
  });

  test(`${environment.name}: no role is passed on`, () => {
    for (const { where, value } of allowed) {
      assert.ok(!listOf(value['Action']).includes('iam:PassRole'), where);
    }
  });

  test(`${environment.name}: no role has a policy of AWS's making`, () => {
    for (const stack of stackNames) {
      for (const { id, Properties } of resources(template(environment, stack), 'AWS::IAM::Role')) {
        assert.deepEqual(listOf(Properties['ManagedPolicyArns']), [], id);
        const trusted = listOf(at(Properties['AssumeRolePolicyDocument'], 'Statement'));
        assert.ok(trusted.every((entry) => at(entry, 'Principal', 'AWS') === undefined), id);
      }
    }
  });

  test(`${environment.name}: metrics go to our namespace, and photos to our folders`, () => {
    const metrics = allowed.filter(({ value }) => listOf(value['Action']).includes('cloudwatch:PutMetricData'));
    assert.equal(metrics.length, 1);
    assert.equal(at(metrics[0]?.value, 'Condition', 'StringEquals', 'cloudwatch:namespace'), 'AI-Photobooth');
    const objects = allowed.filter(
      ({ type, value }) => type === 'AWS::IAM::Policy' && listOf(value['Action']).includes('s3:PutObject'),
    );
    assert.equal(objects.length, 1);
    const where = JSON.stringify(objects[0]?.value['Resource']);
    assert.ok(where.includes('/uploads/*') && where.includes('/results/*'));
  });

  test(`${environment.name}: buckets refuse what is not encrypted on its way`, () => {
    const policies = resources(template(environment, 'photobooth'), 'AWS::S3::BucketPolicy');
    assert.equal(policies.length, 2);
    for (const policy of policies) {
      const denials = all.filter(({ where, value }) => where === policy.id && value['Effect'] === 'Deny');
      assert.ok(denials.some(({ value }) => at(value, 'Condition', 'Bool', 'aws:SecureTransport') === 'false'));
    }
  });
}
