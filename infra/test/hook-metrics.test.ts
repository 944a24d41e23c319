// The hooks' metrics: what delivery/ asks CloudWatch for is what dashboard and alarms look at, by the same dimensions.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allEnvironments, Environment } from '../lib/environments';
import { file } from './repository';
import { at, Json, listOf, objectsIn, resource, resources, template } from './templates';

type Dimension = [name: Json | undefined, value: Json | undefined];

/** A metric in one line; what only AWS can tell is a question mark. */
function lineOf(namespace: Json | undefined, name: Json | undefined, dimensions: Dimension[]): string {
  const by = dimensions.map(([dimension, value]) => `${String(dimension)}=${typeof value === 'string' ? value : '?'}`);
  return [namespace, name, ...by.sort()].join(' ');
}

/** What each check asks for: names stand beside their statistic, dimensions beside their value. */
function askedFor(environment: Environment): string[] {
  const [, ...checks] = file('delivery/src/checks/metrics.rs').split('pub async fn ');
  return checks.flatMap((check) => {
    const namespace = /namespace: "([\w/-]+)"/.exec(check)?.[1];
    const names = [...check.matchAll(/\("(\w+)", "\w+"\)/g)].map(([, name]) => name);
    const dimensions = [...check.matchAll(/\("(\w+)", (?:(\w+)\.clone\(\)|"(\w+)"\.to_owned\(\))\)/g)].map(
      ([, name, variable, text]): Dimension => [name, variable === 'environment' ? environment.name : text],
    );
    return names.map((name) => lineOf(namespace, name, dimensions));
  });
}

function lookedAtByAlarms(environment: Environment): string[] {
  return resources(template(environment, 'monitoring'), 'AWS::CloudWatch::Alarm')
    .flatMap(({ Properties }) => [...objectsIn(Properties)])
    .filter((metric) => metric['MetricName'] !== undefined)
    .map(({ Namespace, MetricName, Dimensions }) =>
      lineOf(Namespace, MetricName, listOf(Dimensions).map((dimension) => [at(dimension, 'Name'), at(dimension, 'Value')])),
    );
}

/** The dashboard is a text of JSON, with references between its pieces. */
function lookedAtByPeople(environment: Environment): string[] {
  const dashboard = resource(template(environment, 'monitoring'), 'AWS::CloudWatch::Dashboard').Properties['DashboardBody'];
  const pieces = listOf(at(dashboard, 'Fn::Join', 1)).map((piece) => (typeof piece === 'string' ? piece : '?'));
  const graphs = listOf(at(JSON.parse(pieces.join('')) as Json, 'widgets'));
  return graphs.flatMap((graph) => listOf(at(graph, 'properties', 'metrics'))).map((metric) => {
    const [namespace, name, ...further] = listOf(metric).filter((part) => typeof part === 'string');
    return lineOf(namespace, name, further.flatMap((part, index) => (index % 2 === 0 ? [[part, further[index + 1]]] : [])));
  });
}

for (const environment of allEnvironments) {
  test(`${environment.name}: hooks ask for the metrics that alarms and dashboard look at`, () => {
    const asked = askedFor(environment);
    // Three of the load balancer, three of the backend.
    assert.equal(asked.length, 6, asked.join('\n'));
    const known = new Set([...lookedAtByAlarms(environment), ...lookedAtByPeople(environment)]);
    for (const metric of asked) {
      assert.ok(known.has(metric), `${metric} is none of\n${[...known].join('\n')}`);
    }
  });
}
