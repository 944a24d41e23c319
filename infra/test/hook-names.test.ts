// The hooks' names: what the Rust of delivery/ calls things by is what the templates call them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allEnvironments } from '../lib/environments';
import { file } from './repository';
import { resources, stackNames, template, templateText } from './templates';

const [ofEnvironment = '', ofService = ''] = file('delivery/src/place.rs').split('impl Service {');

/** The texts between quotes that a pattern finds. */
function found(text: string, pattern: RegExp, least: number): string[] {
  const all = [...text.matchAll(pattern)].map(([, name]) => String(name));
  assert.ok(all.length >= least, `${String(pattern)}: ${all.join()}`);
  return all;
}

for (const environment of allEnvironments) {
  const everything = stackNames.map((stack) => templateText(environment.name, environment, stack)).join();
  // The dashboard is a text within the template.
  const isThere = (name: string) => assert.ok([`"${name}"`, `\\"${name}\\"`].some((text) => everything.includes(text)), name);

  test(`${environment.name}: what place.rs names is in a template`, () => {
    const alarms = found(ofEnvironment, /^ +"([a-z-]+)",$/gm, 5);
    for (const pattern of found(ofEnvironment, /format!\("([^"]+)"\)/g, 4)) {
      const name = pattern.replace('{self}', environment.name);
      // Alarms are named by a list.
      const names = name.includes('{name}') ? alarms.map((alarm) => name.replace('{name}', alarm)) : [name];
      names.forEach(isThere);
    }
    for (const pattern of found(ofService, /format!\("([^"]+)"\)/g, 5)) {
      const name = pattern.replace('{environment}', environment.name);
      const parts = name.includes('{self}') ? ['backend', 'frontend'] : [''];
      const colours = name.includes('{colour}') ? ['blue', 'green'] : [''];
      parts.flatMap((part) => colours.map((colour) => name.replace('{self}', part).replace('{colour}', colour))).forEach(isThere);
    }
  });

  test(`${environment.name}: namespace of releases, header and ports are those of the templates`, () => {
    found(file('delivery/src/aws/metrics.rs'), /NAMESPACE: &str = "([^"]+)"/g, 1).forEach(isThere);
    found(file('delivery/src/booth.rs'), /TEST_HEADER: &str = "([^"]+)"/g, 1).forEach(isThere);
    const ports = found(file('delivery/src/checks/mod.rs'), /: i32 = (\d+)/g, 2).map(Number);
    const listeners = resources(template(environment, 'photobooth'), 'AWS::ElasticLoadBalancingV2::Listener');
    for (const port of ports) {
      assert.ok(listeners.some(({ Properties }) => Properties['Port'] === port), String(port));
    }
  });
}
