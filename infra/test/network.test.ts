// The network: one door, and behind it nothing that reaches or is reached by the internet.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allEnvironments } from '../lib/environments';
import { at, listOf, resource, resources, template } from './templates';

/** What containers, machines and the rotation cannot work without, as there is no other way out. */
const services = [
  'ecr.api',
  'ecr.dkr',
  'logs',
  'ssm',
  'secretsmanager',
  'monitoring',
  'xray',
  'ecs',
  'ecs-agent',
  'ecs-telemetry',
];

for (const environment of allEnvironments) {
  const booth = template(environment, 'photobooth');

  test(`${environment.name}: only the load balancer's subnets have a route to the internet`, () => {
    const routes = resources(booth, 'AWS::EC2::Route');
    assert.equal(routes.length, environment.network.zones);
    assert.ok(routes.every(({ id }) => id.includes('publicSubnet')));
    assert.equal(resources(booth, 'AWS::EC2::NatGateway').length, 0);
    const public_ = resources(booth, 'AWS::EC2::Subnet').filter(({ Properties }) => Properties['MapPublicIpOnLaunch']);
    assert.deepEqual(public_, []);
  });

  test(`${environment.name}: there are as many zones as said`, () => {
    assert.equal(resources(booth, 'AWS::EC2::Subnet').length, 3 * environment.network.zones);
  });

  test(`${environment.name}: anyone reaches 80, 443 and 8443 of the load balancer, and nothing else`, () => {
    for (const { id, Properties } of resources(booth, 'AWS::EC2::SecurityGroup')) {
      const open = listOf(Properties['SecurityGroupIngress']).map((rule) => [at(rule, 'FromPort'), at(rule, 'ToPort')]);
      const expected = id.includes('LoadBalancerGroup') ? [[443, 443], [80, 80], [8443, 8443]] : [];
      assert.deepEqual(open.sort(), expected, id);
    }
    for (const { id, Properties } of resources(booth, 'AWS::EC2::SecurityGroupIngress')) {
      assert.ok(Properties['CidrIp'] === undefined && Properties['CidrIpv6'] === undefined, id);
    }
  });

  test(`${environment.name}: each group is reached by those it is for`, () => {
    const callers = (target: string) =>
      resources(booth, 'AWS::EC2::SecurityGroupIngress')
        .filter(({ Properties }) => String(at(Properties['GroupId'], 'Fn::GetAtt', 0)).includes(target))
        .map(({ Properties }) => String(at(Properties['SourceSecurityGroupId'], 'Fn::GetAtt', 0)))
        .map((group) => group.replace(/^Network(\w+)Group[0-9A-F]{8}$/, '$1'))
        .sort();
    assert.deepEqual(callers('NetworkBackendGroup'), ['LoadBalancer']);
    assert.deepEqual(callers('NetworkFrontendGroup'), ['LoadBalancer']);
    assert.deepEqual(callers('NetworkDatabaseGroup'), ['Backend', 'Rotation']);
    assert.deepEqual(callers('NetworkEndpointGroup'), ['Backend', 'Frontend', 'Machine', 'Rotation']);
    assert.deepEqual(callers('NetworkMachineGroup'), []);
    assert.deepEqual(callers('NetworkRotationGroup'), []);
  });

  test(`${environment.name}: whoever may go anywhere may go to 443 alone`, () => {
    const separate = resources(booth, 'AWS::EC2::SecurityGroupEgress');
    for (const { id, Properties } of resources(booth, 'AWS::EC2::SecurityGroup')) {
      const rules = listOf(Properties['SecurityGroupEgress']);
      const hasSeparate = separate.some((rule) => at(rule.Properties['GroupId'], 'Fn::GetAtt', 0) === id);
      // A group for which nothing is said is given a rule that allows everything.
      assert.ok(rules.length > 0 || hasSeparate, id);
      for (const rule of rules) {
        const isNowhere = at(rule, 'CidrIp') === '255.255.255.255/32';
        assert.ok(isNowhere || (at(rule, 'FromPort') === 443 && at(rule, 'ToPort') === 443), id);
      }
    }
    for (const { id, Properties } of separate) {
      assert.ok(Properties['DestinationSecurityGroupId'], id);
    }
  });

  test(`${environment.name}: AWS's services have endpoints, in as many zones as said`, () => {
    const endpoints = resources(booth, 'AWS::EC2::VPCEndpoint');
    const interfaces = endpoints.filter(({ Properties }) => Properties['VpcEndpointType'] === 'Interface');
    const names = interfaces.map(({ Properties }) => String(at(Properties['ServiceName'], 'Fn::Join', 1, 2)).slice(1));
    assert.deepEqual(names.sort(), [...services].sort());
    for (const { id, Properties } of interfaces) {
      assert.equal(Properties['PrivateDnsEnabled'], true, id);
      assert.equal(listOf(Properties['SubnetIds']).length, environment.network.endpointZones, id);
    }
  });

  test(`${environment.name}: S3 is reached for our bucket and the layers of images alone`, () => {
    const gateway = resource(booth, 'AWS::EC2::VPCEndpoint', 'VpcEndpointType', 'Gateway');
    const allowed = listOf(at(gateway.Properties['PolicyDocument'], 'Statement'));
    assert.equal(allowed.length, 3);
    assert.ok(allowed.every((entry) => at(entry, 'Resource') !== '*'));
  });
}
