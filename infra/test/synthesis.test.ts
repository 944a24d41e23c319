// Synthesis: complete, without findings, without an account, and the same every time.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { allEnvironments } from '../lib/environments';
import { output, resources, stackNames, template, templateText } from './templates';

/** The ids of the rules that something in a folder's stacks breaks. */
function findings(folder: string): string[] {
  const report = JSON.parse(readFileSync(join(output, folder, 'validation-report.json'), 'utf8')) as {
    pluginReports: { violations: { ruleName: string }[] }[];
  };
  return report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
}

test('cdk-nag looks: it finds what is wrong with a careless stack', () => {
  assert.ok(findings('careless').some((rule) => rule.includes('AwsSolutions-S1')), findings('careless').join());
});

for (const environment of allEnvironments) {
  test(`${environment.name}: cdk-nag finds nothing that is not acknowledged`, () => {
    assert.deepEqual(findings(environment.name), []);
  });

  test(`${environment.name}: nothing runs at deployment that is not declared`, () => {
    for (const stack of stackNames) {
      const declared = resources(template(environment, stack));
      const types = declared.map(({ Type }) => Type);
      assert.deepEqual(types.filter((type) => type.startsWith('Custom::') || type.startsWith('AWS::CloudFormation::')), []);
      // The functions that CDK adds for itself have no names.
      const functions = declared.filter(({ Type }) => Type === 'AWS::Lambda::Function');
      assert.ok(functions.every(({ Properties }) => Properties['FunctionName'] !== undefined), stack);
    }
  });

  test(`${environment.name}: stacks find each other by names, not by exports`, () => {
    for (const stack of stackNames) {
      const text = templateText(environment.name, environment, stack);
      assert.ok(!text.includes('Fn::ImportValue') && !text.includes('Fn::GetStackOutput'), stack);
      const outputs = Object.values(template(environment, stack).Outputs ?? {});
      assert.ok(outputs.every((value) => value.Export === undefined), stack);
    }
  });

  test(`${environment.name}: no zone, account or region is written down`, () => {
    for (const stack of stackNames) {
      // AWS's own applications lie where AWS put them.
      const text = JSON.stringify(template(environment, stack).Resources);
      const found = /\b(us|eu|ap|sa|ca|me|af)-(north|south|east|west|central)[a-z]*-\d[a-z]?\b|dummy1|12345678/.exec(text);
      assert.equal(found?.[0], undefined, stack);
    }
  });

  test(`${environment.name}: what can be tagged is tagged for the bill`, () => {
    for (const stack of stackNames) {
      for (const { id, Properties } of resources(template(environment, stack))) {
        if (Properties['Tags'] !== undefined) {
          const tags = JSON.stringify(Properties['Tags']);
          assert.ok(tags.includes(`"${environment.name}"`) && tags.includes('"ai-photobooth"'), id);
        }
      }
    }
  });
}

test('a token of GitHub breaks no rule either', () => {
  assert.deepEqual(findings('oauth'), []);
});

test('the same sources give the same templates, byte for byte', () => {
  const [first] = allEnvironments;
  assert.ok(first);
  const templates = readdirSync(join(output, 'again')).filter((file) => file.endsWith('.template.json'));
  assert.equal(templates.length, stackNames.length);
  for (const stack of stackNames) {
    assert.equal(templateText('again', first, stack), templateText(first.name, first, stack));
  }
});
