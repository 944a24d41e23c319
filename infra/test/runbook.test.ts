// The runbooks: every name in them is one that the templates know.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectorContainer, firstImageTag } from '../lib/containers';
import { allEnvironments, environmentNamed } from '../lib/environments';
import { facts, operatorValues, secrets, settings } from '../lib/parameters';
import { file } from './repository';
import { at, listOf, resource, resources, stackNames, template, templateText } from './templates';

/** Each with the least number of parameters and of resources that it names, lest a test looks past them. */
const runbooks = [
  ['infra/README.md', file('infra/README.md'), 8, 15],
  ['buildspecs/README.md', file('buildspecs/README.md'), 2, 15],
] as const;
const [, first] = runbooks[0];
const staging = environmentNamed('staging');

for (const [path, runbook, parameters, names] of runbooks) {
  test(`every parameter and secret that ${path} names is one`, () => {
    const known = new Set<string>([settings, operatorValues, facts, secrets].flatMap((group) => Object.values(group)));
    // Log groups are called in the same way.
    const logs = stackNames.flatMap((stack) => resources(template(staging, stack), 'AWS::Logs::LogGroup'));
    logs.forEach(({ Properties }) => known.add(String(Properties['LogGroupName']).replace('/ai-photobooth/staging/', '')));
    const named = [...runbook.matchAll(/\/ai-photobooth\/\$E\/([\w/-]+)/g)].map(([, key]) => String(key));
    assert.ok(named.length >= parameters, `${named.length}`);
    for (const key of named) {
      assert.ok(known.has(key), key);
    }
  });

  test(`every resource that ${path} names is in a template`, () => {
    const templates = stackNames.map((stack) => templateText('staging', staging, stack)).join();
    const named = [...runbook.matchAll(/\b((?:(?:ai-)?photobooth-(?:[a-z-]+-)?|CodeDeployHook_\w+_)\$E(?:-[a-z-]*[a-z])?)/g)]
      .map(([, name]) => String(name).replace('$E', 'staging'));
    assert.ok(named.length >= names, `${named.length}`);
    for (const name of new Set(named)) {
      assert.ok(templates.includes(name), name);
    }
  });
}

test('the runbook finds the log of the function that rotates the password', () => {
  const prefix = /--log-group-name-prefix \/aws\/lambda\/(\w+)\$E/.exec(first)?.[1];
  assert.ok(prefix);
  for (const environment of allEnvironments) {
    const application = resource(template(environment, 'photobooth'), 'AWS::Serverless::Application').Properties;
    assert.ok(String(at(application['Parameters'], 'functionName')).startsWith(`${prefix}${environment.name}`));
  }
});

test('the runbook pushes the images that the services start with', () => {
  assert.ok(first.includes(`:${firstImageTag}\n`));
  assert.ok(first.includes(`${collectorContainer.source.split('/').at(-1)}:${collectorContainer.tag}`));
});

test('the runbook of the pipeline knows every stage, every function, and every alarm that takes a release back', () => {
  const [, runbook] = runbooks[1];
  const cicd = template(staging, 'cicd');
  const stages = listOf(resource(cicd, 'AWS::CodePipeline::Pipeline').Properties['Stages']).map((stage) => at(stage, 'Name'));
  const functions = resources(cicd, 'AWS::Lambda::Function').map(({ Properties }) => Properties['FunctionName']);
  const alarms = resources(cicd, 'AWS::CodeDeploy::DeploymentGroup').flatMap(({ Properties }) =>
    listOf(at(Properties['AlarmConfiguration'], 'Alarms')).map((alarm) => at(alarm, 'Name')),
  );
  for (const name of [...stages, ...functions, ...alarms]) {
    assert.ok(runbook.includes(String(name).replace('staging', '$E')), String(name));
  }
});
