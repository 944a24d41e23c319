// Delivery: appspec, buildspecs and hooks name nothing but what the templates and the images have.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { backendContainer, frontendContainer } from '../lib/containers';
import { allEnvironments } from '../lib/environments';
import { namesOf } from '../lib/names';
import { file, filesIn, pathOf } from './repository';
import { at, listOf, objectsIn, resource, resources, template } from './templates';

const appspec = file('appspec.yaml');
const buildspecs = filesIn('buildspecs').filter((name) => name.endsWith('.yml'));

/** Which hook runs at which event of a deployment. */
const hooks = {
  AfterInstall: 'application-start',
  AfterAllowTestTraffic: 'pre-traffic',
  BeforeAllowTraffic: 'application-stop',
  AfterAllowTraffic: 'validate-service',
};

/** What `cargo xtask render-deploy` puts in place of each placeholder. */
function valuesOf(environment: (typeof allEnvironments)[number], part: 'backend' | 'frontend'): Record<string, string> {
  const { hook, capacityProvider } = namesOf(environment.name);
  const container = part === 'backend' ? backendContainer : frontendContainer;
  return {
    CONTAINER_NAME: container.name,
    CONTAINER_PORT: String(container.port),
    CAPACITY_PROVIDER: part === 'backend' ? capacityProvider : 'FARGATE',
    APPLICATION_START_HOOK: hook('ApplicationStart'),
    PRE_TRAFFIC_HOOK: hook('PreTraffic'),
    APPLICATION_STOP_HOOK: hook('ApplicationStop'),
    VALIDATE_SERVICE_HOOK: hook('ValidateService'),
  };
}

/** Without comments, which name placeholders to explain them. */
const lines = appspec.split('\n').filter((line) => !line.trimStart().startsWith('#'));

for (const environment of allEnvironments) {
  const names = namesOf(environment.name);
  const cicd = template(environment, 'cicd');
  const booth = template(environment, 'photobooth');

  for (const part of ['backend', 'frontend'] as const) {
    const values = valuesOf(environment, part);
    const rendered = lines.join('\n').replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? `\${${name}}`);

    test(`${environment.name}: the appspec of the ${part} names what is there`, () => {
      assert.doesNotMatch(rendered, /\$\{/);
      assert.equal(rendered.match(/<\w+>/g)?.join(), '<TASK_DEFINITION>');
      const [definition] = listOf(
        resource(booth, 'AWS::ECS::TaskDefinition', 'Family', names[part].taskFamily).Properties['ContainerDefinitions'],
      );
      assert.match(rendered, new RegExp(`ContainerName: "${String(at(definition, 'Name'))}"`));
      assert.match(rendered, new RegExp(`ContainerPort: ${String(at(definition, 'PortMappings', 0, 'ContainerPort'))}\\n`));
      const provider = /CapacityProvider: "(.+)"/.exec(rendered)?.[1];
      const inCluster = listOf(resource(booth, 'AWS::ECS::ClusterCapacityProviderAssociations').Properties['CapacityProviders']);
      const made = resources(booth, 'AWS::ECS::CapacityProvider').find(({ Properties }) => Properties['Name'] === provider);
      assert.ok(inCluster.some((entry) => entry === provider || (made !== undefined && at(entry, 'Ref') === made.id)), provider);
    });

    test(`${environment.name}: each event of a deployment of the ${part} has its hook`, () => {
      const found = [...rendered.matchAll(/- (\w+): "(CodeDeployHook_\w+)"/g)].map(([, event, name]) => {
        const { Properties } = resource(cicd, 'AWS::Lambda::Function', 'FunctionName', String(name));
        return [event, at(Properties['Environment'], 'Variables', 'DELIVERY_FUNCTION')];
      });
      assert.deepEqual(found, Object.entries(hooks));
    });
  }

  test(`${environment.name}: CodeDeploy may call the hooks of the appspec, and nothing else`, () => {
    const callable = resources(cicd, 'AWS::IAM::Policy').filter(({ Properties }) =>
      [...objectsIn(Properties)].some((statement) => statement['Sid'] === 'Hooks'),
    );
    const [policy, ...more] = callable;
    assert.deepEqual(more, []);
    const statement = [...objectsIn(policy?.Properties ?? {})].find((candidate) => candidate['Sid'] === 'Hooks');
    const called = listOf(statement?.['Resource']).map((arn) => /function:(\w+)/.exec(JSON.stringify(arn))?.[1]);
    const named = Object.values(valuesOf(environment, 'backend')).filter((value) => value.startsWith('CodeDeployHook_'));
    assert.equal(named.length, 4);
    assert.deepEqual(called.sort(), named.sort());
  });

  test(`${environment.name}: every variable of a buildspec is one that its project is given`, () => {
    for (const name of buildspecs) {
      const project = resource(cicd, 'AWS::CodeBuild::Project', 'Name', names.build(name.replace('.yml', ''))).Properties;
      const given = listOf(at(project['Environment'], 'EnvironmentVariables')).map((entry) => at(entry, 'Name'));
      for (const [, variable] of file(`buildspecs/${name}`).matchAll(/\$\{?([A-Z_]+)/g)) {
        assert.ok(given.includes(String(variable)), `${name}: ${variable}`);
      }
      // They are the backend's settings, and mean something else.
      assert.ok(given.every((variable) => !String(variable).startsWith('PHOTOBOOTH_')), name);
    }
  });
}

test('every placeholder of the appspec is explained at its top', () => {
  const explained = [...appspec.matchAll(/\b([A-Z]+_(?:NAME|PORT|PROVIDER|(?:[A-Z]+_)?HOOK))\b(?!\})/g)].map(([, name]) => name);
  const used = new Set(lines.flatMap((line) => [...line.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)));
  assert.deepEqual([...used].sort(), explained.sort());
});

test('buildspecs do nothing but call xtask, and show what was tested', () => {
  assert.equal(buildspecs.length, 5);
  for (const name of buildspecs) {
    const text = file(`buildspecs/${name}`);
    assert.match(text, /^version: 0\.2$/m, name);
    const phases = [...text.matchAll(/^ {4}(?:commands|finally):\n((?: {6}.+\n)+)/gm)].map(([, lines]) => String(lines).trimEnd());
    assert.ok(phases.length > 0 && phases.length === text.match(/\b(?:commands|finally):/g)?.length, name);
    const commands = phases.flatMap((lines) => lines.split('\n'));
    assert.ok(commands.every((command) => command.startsWith('      - cargo xtask ')), name);
    assert.match(text, /\nreports:\n[^]*file-format: JUNITXML/, name);
    assert.match(text, /\ncache:\n {2}paths:\n/, name);
    assert.doesNotMatch(text, /PHOTOBOOTH_/, name);
    const isDeployed = ['backend.yml', 'frontend.yml'].includes(name);
    assert.equal(/\nartifacts:\n {2}base-directory: deploy\n/.test(text), isDeployed, name);
  }
});

test('the pipeline sends as many guests as its environment says, of both kinds', () => {
  const commands = file('buildspecs/integration.yml').split('\n').filter((line) => line.includes('cargo xtask load'));
  assert.deepEqual(commands.map((line) => /load (\w+) .*--profile "\$LOAD_PROFILE"$/.exec(line)?.[1]), ['journey', 'basic']);
});

test('the four hooks can be run by hand, each as the function of its name', () => {
  const scripts = Object.entries(hooks).map(([event, hook]) => {
    const text = file(`infra/hooks/${hook}-hook.sh`);
    assert.ok(text.includes(`The hook of ${event},`), hook);
    assert.ok(text.endsWith(`/any-hook.sh" ${hook} "$@"\n`), hook);
    return `${hook}-hook.sh`;
  });
  const found = filesIn('infra/hooks');
  assert.deepEqual(found, [...scripts, 'any-hook.sh'].sort());
  for (const name of found) {
    assert.ok((statSync(pathOf(`infra/hooks/${name}`)).mode & 0o111) !== 0, `${name} cannot be run`);
  }
  const called = spawnSync(pathOf('infra/hooks/pre-traffic-hook.sh'), ['--deployment-id', 'd-1'], {
    env: { ...process.env, DELIVERY_BIN: 'echo' },
    encoding: 'utf8',
  });
  assert.equal(called.stdout, 'hook pre-traffic --deployment-id d-1\n');
});
