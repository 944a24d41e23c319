// The pipeline: its stages in order, and what each of them does.

import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { Part } from './arns';
import { Artifacts } from './artifacts';
import { Build } from './build-rights';
import { addPipelineRole } from './pipeline-role';
import { sourceOf } from './source';

type Action = codepipeline.CfnPipeline.ActionDeclarationProperty;
type Stage = codepipeline.CfnPipeline.StageDeclarationProperty;

/** As render-deploy writes it into the task definition, where the action puts the image. */
const imagePlaceholder = 'IMAGE1_NAME';

const source = 'source';

/** `aws codepipeline start-pipeline-execution --variables name=Checks,value=off` leaves out what looks at guests' traffic. */
const checks = { name: 'Checks', defaultValue: 'on', description: 'off: neither validation stage is entered' };

export class Pipeline extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly environment: Environment,
    artifacts: Artifacts,
  ) {
    super(scope, id);
    const from = sourceOf(this, environment.name, source);
    const role = addPipelineRole(this, { environment, artifacts, source: from });
    const pipeline = new codepipeline.CfnPipeline(this, 'Pipeline', {
      name: namesOf(environment.name).pipeline,
      pipelineType: 'V2',
      // A newer commit overtakes those that wait; what is being deployed is finished first.
      executionMode: 'SUPERSEDED',
      roleArn: role.roleArn,
      artifactStore: {
        type: 'S3',
        location: artifacts.bucket.bucketName,
        encryptionKey: { type: 'KMS', id: artifacts.key.keyArn },
      },
      variables: [checks],
      stages: [{ name: 'Source', actions: [from.action] }, ...this.stages()],
    });
    // It begins to run as soon as it is there.
    pipeline.node.addDependency(role);
    from.listen(pipeline);
  }

  private stages(): Stage[] {
    return [
      {
        name: 'Build',
        actions: [this.build('Frontend', 'frontend', { output: 'frontend' }), this.build('Backend', 'backend', { output: 'backend' })],
      },
      {
        name: 'PreDeploymentValidation',
        ...unlessOff,
        actions: [this.build('Infrastructure', 'infra'), this.build('Live', 'validate')],
      },
      {
        name: 'Deploy',
        // The one after the other: they share the listeners.
        actions: [this.deploy('Backend', 'backend', 1), this.deploy('Frontend', 'frontend', 2)],
        onFailure: { result: 'ROLLBACK' },
      },
      {
        name: 'PostDeploymentValidation',
        ...unlessOff,
        actions: [this.validate(1), this.build('Integration', 'integration', { order: 2 })],
      },
    ];
  }

  private build(name: string, build: Build, more: { output?: string; order?: number } = {}): Action {
    return {
      name,
      actionTypeId: { category: 'Build', owner: 'AWS', provider: 'CodeBuild', version: '1' },
      configuration: { ProjectName: namesOf(this.environment.name).build(build) },
      inputArtifacts: [{ name: source }],
      ...(more.output === undefined ? {} : { outputArtifacts: [{ name: more.output }] }),
      runOrder: more.order ?? 1,
    };
  }

  private deploy(name: string, part: Part, order: number): Action {
    const { deployments, deploymentGroups } = namesOf(this.environment.name);
    return {
      name,
      actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'CodeDeployToECS', version: '1' },
      configuration: {
        ApplicationName: deployments,
        DeploymentGroupName: deploymentGroups[part],
        TaskDefinitionTemplateArtifact: part,
        TaskDefinitionTemplatePath: 'taskdef.json',
        AppSpecTemplateArtifact: part,
        AppSpecTemplatePath: 'appspec.yaml',
        Image1ArtifactName: part,
        Image1ContainerName: imagePlaceholder,
      },
      inputArtifacts: [{ name: part }],
      runOrder: order,
    };
  }

  private validate(order: number): Action {
    return {
      name: 'Validate',
      actionTypeId: { category: 'Invoke', owner: 'AWS', provider: 'Lambda', version: '1' },
      configuration: { FunctionName: namesOf(this.environment.name).validator },
      runOrder: order,
    };
  }
}

/** Not entered, and not failed, where the variable says so. */
const unlessOff: Pick<Stage, 'beforeEntry'> = {
  beforeEntry: {
    conditions: [
      {
        result: 'SKIP',
        rules: [
          {
            name: 'ChecksAreOn',
            ruleTypeId: { category: 'Rule', owner: 'AWS', provider: 'VariableCheck', version: '1' },
            configuration: { Variable: `#{variables.${checks.name}}`, Value: checks.defaultValue, Operator: 'EQ' },
          },
        ],
      },
    ],
  },
};
