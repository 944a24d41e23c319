// Least privilege: a walk through every policy of every template.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allEnvironments } from '../lib/environments';
import { namesOf } from '../lib/names';
import { file } from './repository';
import { at, Json, listOf, objectsIn, resource, resources, stackNames, template, Template } from './templates';

/** Actions that AWS lets nobody limit to a resource, and one to read that AWS's own policies do not. */
const knowNoResources = new Set([
  'cloudwatch:DescribeAlarms',
  'cloudwatch:GetMetricData',
  'cloudwatch:PutMetricData',
  'codedeploy:GetDeploymentTarget',
  'codedeploy:ListDeploymentTargets',
  'codedeploy:PutLifecycleEventHookExecutionStatus',
  'codepipeline:PutJobFailureResult',
  'codepipeline:PutJobSuccessResult',
  'ecr:GetAuthorizationToken',
  'ecs:DescribeTaskDefinition',
  'ecs:DiscoverPollEndpoint',
  'ecs:RegisterTaskDefinition',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTargetGroupAttributes',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
]);

/** What S3 asks of who writes to the bucket of the artifacts. */
const usesOfKey = ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'];

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

/** What a role is allowed, statement by statement. */
function rightsOf(from: Template, role: Json | undefined): Json[] {
  const policies = resources(from, 'AWS::IAM::Policy').filter(({ Properties }) => at(Properties['Roles'], 0, 'Ref') === role);
  return policies.flatMap(({ Properties }) => listOf(at(Properties['PolicyDocument'], 'Statement')));
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

  test(`${environment.name}: the tasks' four roles are passed on to tasks, and no other role to anybody`, () => {
    const passed = allowed.filter(({ value }) => listOf(value['Action']).includes('iam:PassRole'));
    // The pipeline registers task definitions, CodeDeploy starts tasks.
    assert.equal(passed.length, 2);
    const cicd = template(environment, 'cicd');
    for (const { where, value } of passed) {
      assert.equal(at(value['Condition'], 'StringEquals', 'iam:PassedToService'), 'ecs-tasks.amazonaws.com', where);
      const roles = listOf(value['Resource']).map((role) => cicd.Parameters?.[String(at(role, 'Ref'))]?.Default);
      const known = ['backend-execution', 'backend-task', 'frontend-execution', 'frontend-task'];
      assert.deepEqual(roles.sort(), known.map((name) => `/ai-photobooth/${environment.name}/roles/${name}`), where);
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

  test(`${environment.name}: services take on the roles of a release for this account alone`, () => {
    const roles = resources(template(environment, 'cicd'), 'AWS::IAM::Role');
    // Five builds, six functions, the pipeline and CodeDeploy.
    assert.equal(roles.length, 13);
    for (const { id, Properties } of roles) {
      const [trust, ...more] = listOf(at(Properties['AssumeRolePolicyDocument'], 'Statement'));
      assert.deepEqual(more, [], id);
      const isFunction = at(trust, 'Principal', 'Service') === 'lambda.amazonaws.com';
      const condition = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
      assert.deepEqual(at(trust, 'Condition'), isFunction ? undefined : condition, id);
    }
  });

  test(`${environment.name}: metrics go to our namespace, and photos to our folders`, () => {
    const metrics = allowed.filter(({ value }) => listOf(value['Action']).includes('cloudwatch:PutMetricData'));
    const namespaces = metrics.map(({ value }) => at(value['Condition'], 'StringEquals', 'cloudwatch:namespace'));
    // The backend's, and those of the six functions.
    assert.deepEqual(namespaces, ['AI-Photobooth', ...Array<string>(6).fill('AI-Photobooth/Deployment')]);
    const objects = statements(template(environment, 'photobooth')).filter(
      ({ type, value }) => type === 'AWS::IAM::Policy' && listOf(value['Action']).includes('s3:PutObject'),
    );
    assert.equal(objects.length, 1);
    const where = JSON.stringify(objects[0]?.value['Resource']);
    assert.ok(where.includes('/uploads/*') && where.includes('/results/*'));
  });

  test(`${environment.name}: no function may do what delivery/ never asks for, and few what one of them asks for`, () => {
    // The comment at the top of the file lists its calls, in braces by service.
    const comment = file('delivery/src/aws/mod.rs').replaceAll(/\n\/\/! ?/g, ' ');
    const asked = new Set(['logs:CreateLogStream', 'logs:PutLogEvents', 'sqs:SendMessage', 'xray:PutTelemetryRecords', ...usesOfKey]);
    for (const [, service, several, one] of comment.matchAll(/`(\w+):(?:\{([^}]+)\}|(\w+))`/g)) {
      (several ?? String(one)).split(/,\s*/).forEach((call) => asked.add(`${service}:${call}`));
    }
    const cicd = template(environment, 'cicd');
    const having = new Map<string, string[]>();
    for (const { id, Properties } of resources(cicd, 'AWS::Lambda::Function')) {
      const role = at(Properties['Role'], 'Fn::GetAtt', 0);
      const actions = rightsOf(cicd, role).flatMap((right) => listOf(at(right, 'Action')));
      assert.ok(actions.length > 5, id);
      for (const action of actions.map(String)) {
        assert.ok(asked.has(action), `${id}: ${action}`);
        const purpose = String(at(Properties['Environment'], 'Variables', 'DELIVERY_FUNCTION'));
        having.set(action, [...(having.get(action) ?? []), purpose]);
      }
    }
    assert.deepEqual(having.get('secretsmanager:GetSecretValue'), ['pre-traffic']);
    for (const action of ['s3:PutObject', ...usesOfKey]) {
      assert.deepEqual(having.get(action), ['application-stop'], action);
    }
  });

  test(`${environment.name}: neither pipeline nor build writes what an operator goes back to`, () => {
    const cicd = template(environment, 'cicd');
    const written = (role: Json | undefined) =>
      rightsOf(cicd, at(role, 'Fn::GetAtt', 0))
        .filter((right) => listOf(at(right, 'Action')).includes('s3:PutObject'))
        .flatMap((right) => listOf(at(right, 'Resource')))
        .map((arn) => listOf(at(arn, 'Fn::Join', 1)).at(-1));
    const { pipeline } = namesOf(environment.name);
    const own = `/${pipeline.slice(0, 20)}*/*`;
    assert.deepEqual(written(resource(cicd, 'AWS::CodePipeline::Pipeline').Properties['RoleArn']), [own]);
    for (const { Properties } of resources(cicd, 'AWS::CodeBuild::Project')) {
      const build = String(at(Properties['Source'], 'BuildSpec')).replace('buildspecs/', '').replace('.yml', '');
      assert.deepEqual(written(Properties['ServiceRole']), [own, `/cache/${build}*`]);
    }
  });

  test(`${environment.name}: buckets refuse what is not encrypted on its way`, () => {
    const policies = stackNames.flatMap((stack) => resources(template(environment, stack), 'AWS::S3::BucketPolicy'));
    assert.equal(policies.length, 3);
    for (const policy of policies) {
      const denials = all.filter(({ where, value }) => where === policy.id && value['Effect'] === 'Deny');
      assert.ok(denials.some(({ value }) => at(value, 'Condition', 'Bool', 'aws:SecureTransport') === 'false'));
    }
  });
}
