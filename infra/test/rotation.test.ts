// The rotation of the database password: in an order that no guest notices, and with the scaling as it was before.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allEnvironments } from '../lib/environments';
import { namesOf } from '../lib/names';
import { at, Json, listOf, resource, resources, template, Template } from './templates';

/** The machine's definition, with a word in place of what only a deployment knows. */
function definition(booth: Template): Json {
  const joined = at(resource(booth, 'AWS::StepFunctions::StateMachine').Properties['DefinitionString'], 'Fn::Join', 1);
  return JSON.parse(listOf(joined).map((part) => (typeof part === 'string' ? part : 'known-later')).join('')) as Json;
}

/** The states that follow each other, by name; of a choice, what follows when it is as hoped. */
function path(machine: Json | undefined): string[] {
  const names: string[] = [];
  let next = at(machine, 'StartAt');
  while (typeof next === 'string') {
    names.push(next);
    const state = at(machine, 'States', next);
    next = at(state, 'Choices', 0, 'Next') ?? at(state, 'Next');
  }
  return names;
}

/** What a state asks of which service, if it asks anything. */
function callOf(state: Json | undefined): string[] {
  return /:aws-sdk:(\w+:\w+)$/.exec(String(at(state, 'Resource')))?.slice(1) ?? [];
}

for (const environment of allEnvironments) {
  const booth = template(environment, 'photobooth');
  const machine = definition(booth);
  const work = at(machine, 'States', 'With one task more');
  const inner = at(work, 'Branches', 0);
  const states = [machine, inner, at(inner, 'States', 'One after the other', 'ItemProcessor')].flatMap((part) =>
    Object.values(at(part, 'States') as { [key: string]: Json }),
  );
  const scalesIn = (state: Json | undefined) => {
    assert.match(String(at(state, 'Resource')), /:applicationautoscaling:registerScalableTarget$/);
    const { cluster, backend } = namesOf(environment.name);
    assert.equal(at(state, 'Parameters', 'ResourceId'), `service/${cluster}/${backend.service}`);
    return at(state, 'Parameters', 'SuspendedState', 'DynamicScalingInSuspended') === false;
  };

  test(`${environment.name}: the old tasks are replaced one by one, beside one more, once the password is new`, () => {
    const ofOthers = ['ecs:describeServices', 'applicationautoscaling:registerScalableTarget'];
    const calls = path(inner)
      .flatMap((name) => callOf(at(inner, 'States', name)))
      .filter((call) => !ofOthers.includes(call));
    assert.deepEqual(calls, [
      ...['secretsmanager:rotateSecret', 'secretsmanager:listSecretVersionIds'],
      ...['ecs:listTasks', 'ecs:updateService'],
    ]);
    // Until then a task that starts reads the old password.
    const isRotated = String(at(inner, 'States', 'Rotated: is it so?', 'Choices', 0, 'Condition'));
    assert.match(isRotated, /'AWSCURRENT' in \$states\.input\.now\.Versions\[VersionId = \$states\.input\.rotation\.VersionId\]/);
    assert.equal(at(inner, 'States', 'Rotate', 'ResultPath'), '$.rotation');
    assert.equal(at(inner, 'States', 'Rotated: its versions', 'ResultPath'), '$.now');
    const each = at(inner, 'States', 'One after the other');
    assert.equal(at(each, 'ItemsPath'), '$.old.TaskArns');
    assert.equal(at(each, 'MaxConcurrency'), 1);
    assert.ok(path(at(each, 'ItemProcessor')).at(-1) === 'Stop an old task');
    assert.ok(path(inner).indexOf('One more') < path(inner).indexOf('One after the other'));
    // A task that runs is not yet one that guests can use.
    for (const [part, name] of [[at(each, 'ItemProcessor'), 'Before'], [inner, 'After']] as const) {
      const condition = String(at(part, 'States', `${name}: is it so?`, 'Choices', 0, 'Condition'));
      assert.match(condition, /RunningCount >= .*DesiredCount and .*StabilityStatus = 'STEADY_STATE'/);
    }
  });

  test(`${environment.name}: no task is taken away meanwhile, and afterwards they may be, whatever happened`, () => {
    assert.equal(scalesIn(at(inner, 'States', 'Scale in no more')), false);
    assert.ok(path(inner).indexOf('Scale in no more') < path(inner).indexOf('One more'));
    assert.equal(path(machine).at(-1), 'Scale in again');
    assert.equal(scalesIn(at(machine, 'States', 'Scale in again')), true);
    assert.deepEqual(at(work, 'Catch', 0, 'ErrorEquals'), ['States.ALL']);
    const failure = at(machine, 'States', String(at(work, 'Catch', 0, 'Next')));
    assert.equal(scalesIn(failure), true);
    assert.equal(at(machine, 'States', String(at(failure, 'Next')), 'Type'), 'Fail');
  });

  test(`${environment.name}: it waits for a release to end, and gives up while there is time to tidy up`, () => {
    assert.deepEqual(path(machine).slice(-3), ['No release: is it so?', 'With one task more', 'Scale in again']);
    const choices = states.filter((state) => at(state, 'Type') === 'Choice');
    assert.equal(choices.length, 4);
    assert.match(String(at(machine, 'States', 'No release: is it so?', 'Choices', 0, 'Condition')), /\$count\(.*TaskSets\) <= 1/);
    for (const choice of choices) {
      // Going on takes time as looking again does.
      for (const number of [0, 1]) {
        const limit = Number(/StartTime\) < (\d+)/.exec(String(at(choice, 'Choices', number, 'Condition')))?.[1]) / 1_000;
        assert.ok(limit + 3_600 <= Number(at(machine, 'TimeoutSeconds')), `${limit}`);
      }
      assert.match(String(at(choice, 'Default')), /: not in time$/);
    }
  });

  const statements = resources(booth, 'AWS::IAM::Policy')
    .filter(({ id }) => id.startsWith('RotationRole'))
    .flatMap(({ Properties }) => listOf(at(Properties['PolicyDocument'], 'Statement')));

  test(`${environment.name}: it may do what it does, and nothing else`, () => {
    const prefixes: Record<string, string> = { applicationautoscaling: 'application-autoscaling' };
    const done = states.flatMap(callOf).map((call) => {
      const [service = '', action = ''] = call.split(':');
      return `${prefixes[service] ?? service}:${action.charAt(0).toUpperCase()}${action.slice(1)}`;
    });
    const allowed = statements.flatMap((entry) => listOf(at(entry, 'Action')));
    // Secrets Manager asks for the last one, not the machine.
    assert.deepEqual(allowed.sort(), [...new Set(done), 'lambda:InvokeFunction'].sort());
  });

  test(`${environment.name}: it may suspend the scaling of nothing but counts of tasks`, () => {
    const registers = statements.find((entry) => at(entry, 'Action') === 'application-autoscaling:RegisterScalableTarget');
    assert.deepEqual(at(registers, 'Condition', 'StringEquals'), {
      'application-autoscaling:service-namespace': 'ecs',
      'application-autoscaling:scalable-dimension': 'ecs:service:DesiredCount',
    });
  });
}
