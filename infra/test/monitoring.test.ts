// Monitoring: metrics that exist, alarms that somebody hears of, logs that are written.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { allEnvironments } from '../lib/environments';
import { namesOf } from '../lib/names';
import { at, listOf, objectsIn, resource, resources, template } from './templates';

/** Alarms by which deployments roll back, and those of the brief; the runbooks name them. */
const promised = [
  ...['backend-errors', 'frontend-errors', 'latency', 'no-answer', 'backlog-age', 'backend-unhealthy'],
  ...['failed-deployments', 'lost-events'],
];

function telemetrySources(): string {
  const folder = join(__dirname, '../../backend/src/telemetry');
  return readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
}

for (const environment of allEnvironments) {
  const names = namesOf(environment.name);
  const monitoring = template(environment, 'monitoring');
  const alarms = resources(monitoring, 'AWS::CloudWatch::Alarm');
  const dashboard = JSON.stringify(resource(monitoring, 'AWS::CloudWatch::Dashboard').Properties['DashboardBody']);

  test(`${environment.name}: every alarm is mailed and says what it means`, () => {
    const topic = resource(monitoring, 'AWS::SNS::Topic');
    for (const { id, Properties } of alarms) {
      assert.deepEqual(Properties['AlarmActions'], [{ Ref: topic.id }], id);
      assert.ok(String(Properties['AlarmDescription']).length > 20, id);
    }
    const subscription = resource(monitoring, 'AWS::SNS::Subscription').Properties;
    assert.equal(subscription['Protocol'], 'email');
    const called = alarms.map(({ Properties }) => Properties['AlarmName']);
    for (const name of promised) {
      assert.ok(called.includes(names.alarm(name)), name);
    }
    for (const name of called) {
      assert.ok(dashboard.includes(String(monitoring && alarms.find(({ Properties }) => Properties['AlarmName'] === name)?.id)));
    }
  });

  test(`${environment.name}: alarms of the services look at blue and green`, () => {
    for (const name of ['backend-errors', 'frontend-errors', 'latency', 'backend-unhealthy', 'frontend-unhealthy']) {
      const alarm = alarms.find(({ Properties }) => Properties['AlarmName'] === names.alarm(name));
      const groups = [...objectsIn(alarm?.Properties['Metrics'] ?? null)]
        .filter((dimension) => dimension['Name'] === 'TargetGroup')
        .map((dimension) => String(at(dimension['Value'], 'Ref')));
      assert.ok(groups.some((group) => group.includes('blue')) && groups.some((group) => group.includes('green')), name);
    }
  });

  test(`${environment.name}: a rotation that ends in no good way is told`, () => {
    const alarm = alarms.find(({ Properties }) => Properties['AlarmName'] === names.alarm('failed-rotation'));
    const ends = [...objectsIn(alarm?.Properties['Metrics'] ?? null)].flatMap((metric) => metric['MetricName'] ?? []);
    // One that ran out of time, or that somebody stopped, counts as no failure.
    assert.deepEqual(ends.sort(), ['ExecutionsAborted', 'ExecutionsFailed', 'ExecutionsTimedOut']);
  });

  test(`${environment.name}: the backend publishes every metric of its own that is looked at`, () => {
    const sources = telemetrySources();
    const used = new Set<string>();
    const everything = [...alarms, ...resources(template(environment, 'photobooth'), 'AWS::CloudWatch::Alarm')];
    for (const { Properties } of everything) {
      for (const metric of objectsIn(Properties)) {
        if (metric['Namespace'] === 'AI-Photobooth') {
          used.add(String(metric['MetricName']));
        }
      }
    }
    for (const [, name] of dashboard.matchAll(/\[\\\\?"AI-Photobooth\\\\?",\\\\?"(\w+)/g)) {
      used.add(String(name));
    }
    for (const [, name] of dashboard.matchAll(/MetricName=[\\"]+(\w+)/g)) {
      used.add(String(name));
    }
    assert.ok(used.size >= 10, [...used].join());
    for (const name of used) {
      assert.ok(sources.includes(`"${name}"`), `the backend publishes no ${name}`);
    }
  });

  test(`${environment.name}: saved queries ask logs that are written`, () => {
    const queries = resources(monitoring, 'AWS::Logs::QueryDefinition');
    assert.ok(queries.length >= 5);
    const written: string[] = Object.values(names.logs);
    for (const { id, Properties } of queries) {
      assert.ok(listOf(Properties['LogGroupNames']).every((group) => written.includes(String(group))), id);
    }
  });

  test(`${environment.name}: the budget is the environment's`, () => {
    const budget = resource(monitoring, 'AWS::Budgets::Budget').Properties['Budget'];
    assert.deepEqual(at(budget, 'BudgetLimit'), { Amount: environment.monthlyBudgetDollars, Unit: 'USD' });
    assert.deepEqual(at(budget, 'CostFilters', 'TagKeyValue'), [`user:Environment$${environment.name}`]);
  });

  test(`${environment.name}: failed deployments of this environment are told`, () => {
    const pattern = resource(monitoring, 'AWS::Events::Rule').Properties['EventPattern'];
    assert.deepEqual(at(pattern, 'detail', 'application'), [`ai-photobooth-${environment.name}`]);
  });
}
