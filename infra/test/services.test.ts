// The services: two, each swapped blue/green, on machines that have room for both colours.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backendContainer, frontendContainer } from '../lib/containers';
import { allEnvironments } from '../lib/environments';
import { namesOf } from '../lib/names';
import { at, Json, listOf, resource, resources, template } from './templates';

for (const environment of allEnvironments) {
  const booth = template(environment, 'photobooth');
  const names = namesOf(environment.name);
  const service = (name: string) => resource(booth, 'AWS::ECS::Service', 'ServiceName', name);
  const task = (family: string) => resource(booth, 'AWS::ECS::TaskDefinition', 'Family', family);
  const listener = (port: number) => {
    const found = resources(booth, 'AWS::ElasticLoadBalancingV2::Listener');
    return found.find(({ Properties }) => Properties['Port'] === port);
  };
  const rulesOf = (port: number) =>
    resources(booth, 'AWS::ElasticLoadBalancingV2::ListenerRule').filter(
      ({ Properties }) => at(Properties['ListenerArn'], 'Ref') === listener(port)?.id,
    );
  const targetGroup = (name: string) => resource(booth, 'AWS::ElasticLoadBalancingV2::TargetGroup', 'Name', name);

  test(`${environment.name}: CodeDeploy swaps both services, all of the old beside all of the new`, () => {
    assert.equal(resources(booth, 'AWS::ECS::Service').length, 2);
    for (const { backend, frontend } of [names]) {
      for (const { service: name, taskFamily } of [backend, frontend]) {
        const { Properties } = service(name);
        assert.deepEqual(Properties['DeploymentController'], { Type: 'CODE_DEPLOY' });
        assert.deepEqual(Properties['DeploymentConfiguration'], { MaximumPercent: 200, MinimumHealthyPercent: 100 });
        // A revision here would make CloudFormation try what only CodeDeploy may.
        assert.equal(Properties['TaskDefinition'], taskFamily);
        assert.equal(at(Properties['NetworkConfiguration'], 'AwsvpcConfiguration', 'AssignPublicIp'), 'DISABLED');
      }
    }
  });

  test(`${environment.name}: services begin on blue, and green is there`, () => {
    for (const { service: name, blue, green } of [names.backend, names.frontend]) {
      const targets = at(service(name).Properties['LoadBalancers'], 0, 'TargetGroupArn', 'Ref');
      assert.equal(targets, targetGroup(blue).id);
      const [left, right] = [targetGroup(blue), targetGroup(green)].map(({ Properties }) => ({ ...Properties, Name: '' }));
      assert.deepEqual(left, right);
    }
  });

  test(`${environment.name}: production sends guests to both services over TLS`, () => {
    assert.equal(at(listener(443)?.Properties['DefaultActions'], 0, 'TargetGroupArn', 'Ref'), targetGroup(names.frontend.blue).id);
    const [rule, ...more] = rulesOf(443);
    assert.deepEqual(more, []);
    assert.deepEqual(at(rule?.Properties['Conditions'], 0, 'PathPatternConfig', 'Values'), ['/api/*', '/media/*']);
    assert.equal(at(rule?.Properties['Actions'], 0, 'TargetGroupArn', 'Ref'), targetGroup(names.backend.blue).id);
    assert.match(String(listener(443)?.Properties['SslPolicy']), /TLS13/);
    assert.equal(at(listener(80)?.Properties['DefaultActions'], 0, 'RedirectConfig', 'Protocol'), 'HTTPS');
  });

  test(`${environment.name}: the test listener answers who knows the header alone`, () => {
    assert.equal(at(listener(8443)?.Properties['DefaultActions'], 0, 'FixedResponseConfig', 'StatusCode'), '403');
    const rules = rulesOf(8443);
    assert.equal(rules.length, 2);
    for (const { Properties } of rules) {
      const header = listOf(Properties['Conditions']).find((condition) => at(condition, 'Field') === 'http-header');
      assert.match(JSON.stringify(header), /x-photobooth-test.*resolve:secretsmanager/);
    }
  });

  test(`${environment.name}: a backend task has a whole GPU, and there is room for blue and green`, () => {
    const [backend] = listOf(task(names.backend.taskFamily).Properties['ContainerDefinitions']);
    assert.deepEqual(at(backend, 'ResourceRequirements'), [{ Type: 'GPU', Value: '1' }]);
    const strategy = at(service(names.backend.service).Properties['CapacityProviderStrategy'], 0, 'CapacityProvider', 'Ref');
    const provider = resource(booth, 'AWS::ECS::CapacityProvider', 'Name', names.capacityProvider);
    assert.equal(strategy, provider.id);
    const machines = resource(booth, 'AWS::AutoScaling::AutoScalingGroup').Properties;
    assert.ok(Number(machines['MaxSize']) >= 2 * environment.backend.maxTasks);
    assert.equal(machines['NewInstancesProtectedFromScaleIn'], true);
    const onDemand = at(machines['MixedInstancesPolicy'], 'InstancesDistribution', 'OnDemandPercentageAboveBaseCapacity');
    assert.equal(onDemand, environment.gpu.spot ? 0 : 100);
    assert.ok(listOf(at(machines['MixedInstancesPolicy'], 'LaunchTemplate', 'Overrides')).length >= 3);
  });

  test(`${environment.name}: the cluster has its providers for as long as a service uses them`, () => {
    const providers = resource(booth, 'AWS::ECS::ClusterCapacityProviderAssociations');
    for (const { id, DependsOn, Properties } of resources(booth, 'AWS::ECS::Service')) {
      const [strategy, ...more] = listOf(Properties['CapacityProviderStrategy']);
      assert.deepEqual(more, [], id);
      const known = JSON.stringify(providers.Properties['CapacityProviders']);
      assert.ok(known.includes(JSON.stringify(at(strategy, 'CapacityProvider'))), id);
      assert.equal(Properties['LaunchType'], undefined, id);
      assert.ok(listOf(DependsOn).includes(providers.id), id);
    }
  });

  test(`${environment.name}: services find what their tasks cannot start without, and go before it goes`, () => {
    const needs = (name: string) => listOf(service(name).DependsOn);
    const ids = (type: string) => resources(booth, type).map(({ id }) => id);
    const endpoints = ids('AWS::EC2::VPCEndpoint');
    const rules = ids('AWS::EC2::SecurityGroupIngress').filter((id) => id.startsWith('NetworkEndpointGroup'));
    assert.ok(endpoints.length >= 11 && rules.length >= 3, `${endpoints.length}, ${rules.length}`);
    for (const id of [...endpoints, ...rules]) {
      assert.ok(needs(names.backend.service).includes(id) && needs(names.frontend.service).includes(id), id);
    }
    for (const instance of ids('AWS::RDS::DBInstance')) {
      assert.ok(needs(names.backend.service).includes(instance), instance);
    }
  });

  test(`${environment.name}: containers are nobody, write nowhere and are told no secret openly`, () => {
    for (const family of [names.backend.taskFamily, names.frontend.taskFamily]) {
      const containers = listOf(task(family).Properties['ContainerDefinitions']).map((entry) => at(entry, 'Fn::If', 1) ?? entry);
      for (const container of containers) {
        assert.equal(at(container, 'ReadonlyRootFilesystem'), true, family);
        assert.ok(at(container, 'Privileged') !== true, family);
        const isOurs = at(container, 'Name') !== 'collector';
        assert.ok(!isOurs || /^[1-9]\d*:[1-9]\d*$/.test(String(at(container, 'User'))), family);
        for (const variable of listOf(at(container, 'Environment'))) {
          assert.doesNotMatch(String(at(variable, 'Name')), /PASSWORD|SECRET|TOKEN|ACCESS_KEY/);
          assert.doesNotMatch(JSON.stringify(variable), /resolve:secretsmanager/);
        }
      }
    }
  });

  test(`${environment.name}: the collector is there where features/enable-xray is on, and tells X-Ray`, () => {
    const [, collector, ...more] = listOf(task(names.backend.taskFamily).Properties['ContainerDefinitions']);
    assert.deepEqual(more, []);
    assert.equal(at(collector, 'Fn::If', 0), 'XrayIsOn');
    assert.deepEqual(at(collector, 'Fn::If', 2), { Ref: 'AWS::NoValue' });
    assert.match(JSON.stringify(collector), /awsxray/);
    assert.equal(at(collector, 'Fn::If', 1, 'Essential'), false);
  });

  test(`${environment.name}: ports and health checks are those of the images`, () => {
    for (const [container, { taskFamily, service: name, blue }] of [
      [backendContainer, names.backend],
      [frontendContainer, names.frontend],
    ] as const) {
      const [definition] = listOf(task(taskFamily).Properties['ContainerDefinitions']);
      assert.equal(at(definition, 'PortMappings', 0, 'ContainerPort'), container.port);
      assert.equal(at(service(name).Properties['LoadBalancers'], 0, 'ContainerPort'), container.port);
      assert.equal(at(service(name).Properties['LoadBalancers'], 0, 'ContainerName'), container.name);
      assert.equal(targetGroup(blue).Properties['Port'], container.port);
      assert.equal(targetGroup(blue).Properties['HealthCheckPath'], container.readyPath);
    }
  });

  test(`${environment.name}: tasks follow the backlog between the parameters' bounds`, () => {
    const target = resources(booth, 'AWS::ApplicationAutoScaling::ScalableTarget').find(
      ({ Properties }) => Properties['ResourceId'] === `service/${names.cluster}/${names.backend.service}`,
    );
    for (const [bound, key] of [['MinCapacity', 'min-capacity'], ['MaxCapacity', 'max-capacity']] as const) {
      const parameter = String(at(target?.Properties[bound], 'Ref'));
      assert.equal(booth.Parameters?.[parameter]?.Default, `/ai-photobooth/${environment.name}/autoscaling/${key}`);
    }
    assert.match(JSON.stringify(target?.Properties['RoleARN']), /AWSServiceRoleForApplicationAutoScaling_ECSService/);
    const steps = (adjustment: (value: number) => boolean) =>
      resources(booth, 'AWS::ApplicationAutoScaling::ScalingPolicy').filter(({ Properties }) =>
        listOf(at(Properties['StepScalingPolicyConfiguration'], 'StepAdjustments') as Json).some((step) =>
          adjustment(Number(at(step, 'ScalingAdjustment'))),
        ),
      );
    assert.equal(steps((value) => value > 0).length, 1);
    assert.equal(steps((value) => value < 0).length, 1);
  });

  test(`${environment.name}: the firewall is there where features/enable-waf is on`, () => {
    const parts = resources(booth).filter(({ Type }) => Type.startsWith('AWS::WAFv2::'));
    assert.equal(parts.length, 3);
    assert.ok(parts.every(({ Condition }) => Condition === 'WafIsOn'));
  });
}
