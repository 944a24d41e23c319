// The pipeline: its stages in order, builds that know their file, artifacts that somebody makes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allEnvironments, environmentNamed } from '../lib/environments';
import { namesOf } from '../lib/names';
import { file, filesIn } from './repository';
import { at, Json, listOf, resource, resources, template, templateText } from './templates';

/** Action by action: its name, its provider, and which of a stage's actions run beside each other. */
const promised = {
  Source: [['Source', 'CodeStarSourceConnection', 1]],
  Build: [['Frontend', 'CodeBuild', 1], ['Backend', 'CodeBuild', 1]],
  PreDeploymentValidation: [['Infrastructure', 'CodeBuild', 1], ['Live', 'CodeBuild', 1]],
  Deploy: [['Backend', 'CodeDeployToECS', 1], ['Frontend', 'CodeDeployToECS', 2]],
  PostDeploymentValidation: [['Validate', 'Lambda', 1], ['Integration', 'CodeBuild', 2]],
};

for (const environment of allEnvironments) {
  const names = namesOf(environment.name);
  const cicd = template(environment, 'cicd');
  const pipeline = resource(cicd, 'AWS::CodePipeline::Pipeline', 'Name', names.pipeline).Properties;
  const stages = listOf(pipeline['Stages']);
  const stage = (name: string) => stages.find((candidate) => at(candidate, 'Name') === name);
  const actions = stages.flatMap((candidate) => listOf(at(candidate, 'Actions')));
  const provider = (action: Json) => String(at(action, 'ActionTypeId', 'Provider'));
  const project = (name: Json | undefined) => resource(cicd, 'AWS::CodeBuild::Project', 'Name', String(name));

  test(`${environment.name}: a commit goes through the stages in the order that was promised`, () => {
    assert.equal(pipeline['PipelineType'], 'V2');
    const found = stages.map((candidate) => [
      at(candidate, 'Name'),
      listOf(at(candidate, 'Actions')).map((action) => [at(action, 'Name'), provider(action), at(action, 'RunOrder')]),
    ]);
    assert.deepEqual(found, Object.entries(promised));
  });

  test(`${environment.name}: a deployment that fails is taken back, and validation alone can be left out`, () => {
    const results = stages.map((candidate) => at(candidate, 'OnFailure', 'Result'));
    assert.deepEqual(results, [undefined, undefined, undefined, 'ROLLBACK', undefined]);
    const [variable, ...more] = listOf(pipeline['Variables']);
    assert.deepEqual(more, []);
    for (const candidate of stages) {
      const condition = at(candidate, 'BeforeEntry', 'Conditions', 0);
      if (String(at(candidate, 'Name')).endsWith('Validation')) {
        assert.equal(at(condition, 'Result'), 'SKIP');
        assert.deepEqual(at(condition, 'Rules', 0, 'Configuration'), {
          Variable: `#{variables.${String(at(variable, 'Name'))}}`,
          Value: at(variable, 'DefaultValue'),
          Operator: 'EQ',
        });
      } else {
        assert.equal(condition, undefined);
      }
    }
  });

  test(`${environment.name}: every artifact is made before it is needed`, () => {
    const made = new Set<string>();
    for (const action of actions) {
      for (const needed of listOf(at(action, 'InputArtifacts'))) {
        assert.ok(made.has(String(at(needed, 'Name'))), String(at(action, 'Name')));
      }
      listOf(at(action, 'OutputArtifacts')).forEach((output) => made.add(String(at(output, 'Name'))));
    }
  });

  test(`${environment.name}: each file in buildspecs/ has a project, and the pipeline runs it`, () => {
    const run = actions.filter((action) => provider(action) === 'CodeBuild').map((action) => at(action, 'Configuration', 'ProjectName'));
    const specs = run.map((name) => at(project(name).Properties['Source'], 'BuildSpec'));
    assert.deepEqual(specs.sort(), filesIn('buildspecs').filter((name) => name.endsWith('.yml')).map((name) => `buildspecs/${name}`));
    assert.equal(resources(cicd, 'AWS::CodeBuild::Project').length, specs.length);
  });

  test(`${environment.name}: builds of images have Docker and its layers, the others nothing but a cache`, () => {
    for (const { id, Properties } of resources(cicd, 'AWS::CodeBuild::Project')) {
      const buildsImage = ['backend', 'frontend'].some((part) => Properties['Name'] === names.build(part));
      assert.equal(at(Properties['Environment'], 'PrivilegedMode'), buildsImage, id);
      assert.equal(at(Properties['Cache'], 'Type'), buildsImage ? 'LOCAL' : 'S3', id);
      const modes = listOf(at(Properties['Cache'], 'Modes'));
      assert.equal(modes.includes('LOCAL_DOCKER_LAYER_CACHE'), buildsImage, id);
      assert.equal(at(Properties['LogsConfig'], 'CloudWatchLogs', 'Status'), 'ENABLED', id);
    }
    const size = (build: string) => at(project(names.build(build)).Properties['Environment'], 'ComputeType');
    assert.equal(size('backend'), 'BUILD_GENERAL1_LARGE');
    assert.deepEqual([size('infra'), size('integration')], ['BUILD_GENERAL1_SMALL', 'BUILD_GENERAL1_SMALL']);
  });

  test(`${environment.name}: deployments take the rendered files to groups that are there`, () => {
    for (const [name, part] of [['Backend', 'backend'], ['Frontend', 'frontend']] as const) {
      const action = listOf(at(stage('Deploy'), 'Actions')).find((candidate) => at(candidate, 'Name') === name);
      assert.deepEqual(at(action, 'Configuration'), {
        ApplicationName: names.deployments,
        DeploymentGroupName: names.deploymentGroups[part],
        TaskDefinitionTemplateArtifact: part,
        TaskDefinitionTemplatePath: 'taskdef.json',
        AppSpecTemplateArtifact: part,
        AppSpecTemplatePath: 'appspec.yaml',
        Image1ArtifactName: part,
        Image1ContainerName: 'IMAGE1_NAME',
      });
      resource(cicd, 'AWS::CodeDeploy::DeploymentGroup', 'DeploymentGroupName', names.deploymentGroups[part]);
    }
    const validator = at(stage('PostDeploymentValidation'), 'Actions', 0, 'Configuration', 'FunctionName');
    resource(cicd, 'AWS::Lambda::Function', 'FunctionName', String(validator));
  });

  test(`${environment.name}: artifacts are versioned, encrypted by our key, and not kept for ever`, () => {
    const bucket = resource(cicd, 'AWS::S3::Bucket').Properties;
    assert.equal(at(bucket['VersioningConfiguration'], 'Status'), 'Enabled');
    const encryption = at(bucket['BucketEncryption'], 'ServerSideEncryptionConfiguration', 0, 'ServerSideEncryptionByDefault');
    assert.equal(at(encryption, 'SSEAlgorithm'), 'aws:kms');
    for (const rule of listOf(at(bucket['LifecycleConfiguration'], 'Rules'))) {
      assert.ok(Number(at(rule, 'ExpirationInDays')) > 0 && at(rule, 'NoncurrentVersionExpiration') !== undefined);
    }
    const longest = `${names.artifacts}-123456789012-ap-southeast-1`;
    assert.match(longest, /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
    const key = resource(cicd, 'AWS::KMS::Key').id;
    assert.equal(at(pipeline['ArtifactStore'], 'EncryptionKey', 'Id', 'Fn::GetAtt', 0), key);
  });

  test(`${environment.name}: the source is the operator's repository, by the operator's connection`, () => {
    const { ConnectionArn, FullRepositoryId, BranchName } = at(stage('Source'), 'Actions', 0, 'Configuration') as Record<string, Json>;
    const parameter = (value: Json | undefined) => cicd.Parameters?.[String(at(value, 'Ref'))]?.Default;
    assert.equal(parameter(ConnectionArn), `${names.parameters}/pipeline/connection-arn`);
    assert.equal(parameter(FullRepositoryId), `${names.parameters}/pipeline/repository`);
    assert.equal(BranchName, 'main');
    assert.ok(!templateText(environment.name, environment, 'cicd').includes('github-token'));
  });
}

test('a token opens GitHub only where the context asks for it', () => {
  const staging = environmentNamed('staging');
  const text = templateText('oauth', staging, 'cicd');
  assert.match(text, /resolve:secretsmanager:\/ai-photobooth\/staging\/github-token/);
  assert.ok(!text.includes('connection-arn') && text.includes('AWS::CodePipeline::Webhook'));
});

test('the commands that were promised to people work as they are typed', () => {
  const { scripts } = JSON.parse(file('infra/package.json')) as { scripts: Record<string, string> };
  const environment = '${npm_config_environment:-${ENVIRONMENT:-staging}}';
  assert.equal(scripts['deploy:cicd'], `E=${environment} && cdk deploy PhotoboothCicd-$E --context environment=$E`);
  assert.equal(scripts['validate-deployment'], `cargo xtask validate-deployment --environment ${environment}`);
});
