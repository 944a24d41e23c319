// Deployments: traffic that moves as delivery.json says, alarms and hooks that are there, functions that may do no more.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import delivery from '../delivery.json';
import { allEnvironments } from '../lib/environments';
import { namesOf, shiftName } from '../lib/names';
import { at, listOf, resource, resources, template } from './templates';

/** Functions by DELIVERY_FUNCTION: name and the seconds that they give themselves. */
const promised = {
  'pre-traffic': ['CodeDeployHook_PreTraffic', delivery.hookSeconds.preTraffic],
  'application-start': ['CodeDeployHook_ApplicationStart', delivery.hookSeconds.applicationStart],
  'application-stop': ['CodeDeployHook_ApplicationStop', delivery.hookSeconds.applicationStop],
  'validate-service': ['CodeDeployHook_ValidateService', delivery.hookSeconds.validateService],
  'validate-deployment': ['photobooth-validate', delivery.hookSeconds.validateService],
  events: ['photobooth-events', 240],
} as const;

test('hooks have five minutes, and ten to validate', () => {
  assert.deepEqual(delivery.hookSeconds, { preTraffic: 300, applicationStart: 300, applicationStop: 300, validateService: 600 });
});

test('traffic that moves in another way has a configuration of another name', () => {
  const shift = { kind: 'canary', percent: 20, minutes: 5 } as const;
  const others = [shift, { ...shift, kind: 'linear' as const }, { ...shift, percent: 25 }, { ...shift, minutes: 6 }];
  const names = allEnvironments.flatMap(({ name }) => others.map((other) => shiftName(name, other)));
  assert.equal(new Set(names).size, allEnvironments.length * others.length);
});

for (const environment of allEnvironments) {
  const names = namesOf(environment.name);
  const [cicd, booth, monitoring] = [
    template(environment, 'cicd'),
    template(environment, 'photobooth'),
    template(environment, 'monitoring'),
  ];
  const figures = delivery.environments[environment.name];
  const functions = resources(cicd, 'AWS::Lambda::Function');
  const parameter = (value: unknown) => cicd.Parameters?.[String(at(value as never, 'Ref'))]?.Default;

  test(`${environment.name}: the figures of delivery.json make sense`, () => {
    const { validation, shift, blueEndsAfterMinutes } = figures;
    assert.ok(blueEndsAfterMinutes >= 5 && blueEndsAfterMinutes <= 10);
    assert.ok(shift.percent > 0 && shift.percent < 100);
    // The alarms that roll back need two bad minutes, and one more to be seen.
    assert.ok(shift.minutes >= 3);
    assert.deepEqual(Object.keys(validation), [
      'windowMinutes', 'maxErrorPercent', 'maxP95Ms', 'maxFailedPortraitPercent', 'maxOldestWaitSeconds', 'minRequests',
    ]);
    assert.ok(Object.values(validation).every((value) => value > 0));
  });

  test(`${environment.name}: both services are swapped between their colours, behind both listeners`, () => {
    const groups = resources(cicd, 'AWS::CodeDeploy::DeploymentGroup');
    assert.equal(groups.length, 2);
    for (const part of ['backend', 'frontend'] as const) {
      const { Properties } = resource(cicd, 'AWS::CodeDeploy::DeploymentGroup', 'DeploymentGroupName', names.deploymentGroups[part]);
      assert.deepEqual(Properties['ECSServices'], [{ ClusterName: names.cluster, ServiceName: names[part].service }]);
      resource(booth, 'AWS::ECS::Service', 'ServiceName', names[part].service);
      const pair = at(Properties['LoadBalancerInfo'], 'TargetGroupPairInfoList', 0);
      assert.deepEqual(at(pair, 'TargetGroups'), [{ Name: names[part].blue }, { Name: names[part].green }]);
      for (const name of [names[part].blue, names[part].green]) {
        resource(booth, 'AWS::ElasticLoadBalancingV2::TargetGroup', 'Name', name);
      }
      const listeners = ['ProdTrafficRoute', 'TestTrafficRoute'].map((route) => parameter(at(pair, route, 'ListenerArns', 0)));
      assert.deepEqual(listeners.map((name) => name?.split('/').at(-1)), ['production-listener-arn', 'test-listener-arn']);
    }
  });

  test(`${environment.name}: what goes wrong goes back, by alarms that are there`, () => {
    const known = resources(monitoring, 'AWS::CloudWatch::Alarm');
    for (const { id, Properties } of resources(cicd, 'AWS::CodeDeploy::DeploymentGroup')) {
      assert.equal(at(Properties['AutoRollbackConfiguration'], 'Enabled'), true, id);
      assert.deepEqual(listOf(at(Properties['AutoRollbackConfiguration'], 'Events')).sort(), [
        'DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST',
      ]);
      const alarms = listOf(at(Properties['AlarmConfiguration'], 'Alarms')).map((alarm) => at(alarm, 'Name'));
      assert.ok(at(Properties['AlarmConfiguration'], 'Enabled') === true && alarms.length >= 2, id);
      for (const name of alarms) {
        const alarm = known.find((candidate) => candidate.Properties['AlarmName'] === name);
        assert.match(String(alarm?.Properties['AlarmDescription']), /in progress rolls back/, String(name));
      }
    }
  });

  test(`${environment.name}: traffic moves, and blue ends, as delivery.json says`, () => {
    const { kind, percent, minutes } = figures.shift;
    const { Properties } = resource(cicd, 'AWS::CodeDeploy::DeploymentConfig');
    assert.equal(Properties['DeploymentConfigName'], `ai-photobooth-shift-${environment.name}-${kind}-${percent}-${minutes}`);
    assert.deepEqual(
      Properties['TrafficRoutingConfig'],
      kind === 'canary'
        ? { Type: 'TimeBasedCanary', TimeBasedCanary: { CanaryPercentage: percent, CanaryInterval: minutes } }
        : { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearPercentage: percent, LinearInterval: minutes } },
    );
    for (const { Properties: group } of resources(cicd, 'AWS::CodeDeploy::DeploymentGroup')) {
      assert.equal(group['DeploymentConfigName'], Properties['DeploymentConfigName']);
      assert.deepEqual(at(group['BlueGreenDeploymentConfiguration'], 'TerminateBlueInstancesOnDeploymentSuccess'), {
        Action: 'TERMINATE',
        TerminationWaitTimeInMinutes: figures.blueEndsAfterMinutes,
      });
    }
    const asked = resources(cicd, 'AWS::IAM::Policy').flatMap(({ Properties: policy }) =>
      listOf(at(policy['PolicyDocument'], 'Statement')).filter((statement) => at(statement, 'Sid') === 'Shift'),
    );
    assert.equal(asked.length, 1);
    assert.ok(JSON.stringify(asked[0]).includes(`:deploymentconfig:${String(Properties['DeploymentConfigName'])}"`));
  });

  test(`${environment.name}: six functions of one program, each with time to report`, () => {
    assert.equal(functions.length, 6);
    for (const [purpose, [name, seconds]] of Object.entries(promised)) {
      const full = `${name}${name.includes('_') ? '_' : '-'}${environment.name}`;
      const { id, Properties } = resource(cicd, 'AWS::Lambda::Function', 'FunctionName', full);
      const variables = at(Properties['Environment'], 'Variables');
      assert.equal(at(variables, 'DELIVERY_FUNCTION'), purpose);
      assert.equal(at(variables, 'DELIVERY_ENVIRONMENT'), environment.name);
      assert.match(JSON.stringify(at(variables, 'DELIVERY_ADDRESS')), /"https:\/\/",\{"Ref":"SsmParameterValue\w*domainname/);
      assert.match(JSON.stringify(at(variables, 'DELIVERY_TEST_ADDRESS')), /,":8443"/);
      assert.equal(at(variables, 'DELIVERY_BACKUP_BUCKET', 'Ref'), resource(cicd, 'AWS::S3::Bucket').id);
      assert.deepEqual([Properties['Runtime'], Properties['Architectures']], ['provided.al2023', ['x86_64']]);
      assert.equal(Properties['Timeout'], seconds + 60, purpose);
      assert.ok(seconds + 60 <= 900, purpose);
      assert.equal(at(Properties['TracingConfig'], 'Mode'), 'Active');
      assert.equal(at(Properties['DeadLetterConfig'], 'TargetArn', 'Fn::GetAtt', 0), resource(cicd, 'AWS::SQS::Queue').id);
      const invoke = resources(cicd, 'AWS::Lambda::EventInvokeConfig').find(
        (candidate) => at(candidate.Properties['FunctionName'], 'Ref') === id,
      );
      assert.equal(invoke?.Properties['MaximumRetryAttempts'], purpose === 'events' ? 2 : 0);
    }
    const watched = resource(monitoring, 'AWS::CloudWatch::Alarm', 'AlarmName', names.alarm('lost-events'));
    assert.match(JSON.stringify(watched.Properties), new RegExp(String(resource(cicd, 'AWS::SQS::Queue').Properties['QueueName'])));
  });

  test(`${environment.name}: pipeline, deployments and people are heard by the function and by the operator`, () => {
    const reader = resource(cicd, 'AWS::Lambda::Function', 'FunctionName', names.eventReader).id;
    const rules = resources(cicd, 'AWS::Events::Rule').map(({ Properties }) => ({
      source: listOf(at(Properties['EventPattern'], 'source')).join(),
      detail: JSON.stringify(at(Properties['EventPattern'], 'detail')),
      targets: listOf(Properties['Targets']).map((target) =>
        at(target, 'Arn', 'Fn::GetAtt', 0) === reader ? 'function' : JSON.stringify(at(target, 'Arn')),
      ),
    }));
    const heard = (source: string, by: (target: string) => boolean) =>
      rules.some((rule) => rule.source === source && rule.targets.some(by));
    for (const source of ['aws.codepipeline', 'aws.codedeploy', 'ai-photobooth']) {
      assert.ok(heard(source, (target) => target === 'function'), source);
    }
    for (const source of ['aws.codepipeline', 'ai-photobooth']) {
      assert.ok(heard(source, (target) => target.includes(`:${names.alarmTopic}"`)), source);
    }
    resource(monitoring, 'AWS::SNS::Topic', 'TopicName', names.alarmTopic);
    // The monitoring stack mails of deployments that failed.
    assert.deepEqual(at(resource(monitoring, 'AWS::Events::Rule').Properties['EventPattern'], 'source'), ['aws.codedeploy']);
    assert.ok(rules.every(({ detail }) => detail.includes(environment.name)), 'events of this environment alone');
    // An event with nothing but a value is noted; it has no line to mail.
    for (const { detail, targets } of rules.filter(({ source }) => source === 'ai-photobooth')) {
      assert.equal(detail.includes('"message":[{"exists":true}]'), !targets.includes('function'), detail);
    }
  });

  test(`${environment.name}: who asks whether to trace a release is told to, and every log has an end`, () => {
    const rule = resource(cicd, 'AWS::XRay::SamplingRule').Properties['SamplingRule'];
    assert.deepEqual([at(rule, 'ServiceName'), at(rule, 'FixedRate')], [names.pipeline, 1]);
    assert.ok(String(at(rule, 'RuleName')).length <= 32);
    const groups = resources(cicd, 'AWS::Logs::LogGroup');
    assert.deepEqual(groups.map(({ Properties }) => Properties['LogGroupName']).sort(), Object.values(names.deliveryLogs).sort());
    for (const { Properties } of groups) {
      assert.match(parameter(Properties['RetentionInDays']) ?? '', /\/log-retention-days$/);
    }
  });
}
