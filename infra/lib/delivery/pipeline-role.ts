// What the pipeline itself may do: start its builds, its deployments and the validator, and hand artifacts on.

import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { Arns } from './arns';
import { Artifacts } from './artifacts';
import { builds } from './builds';
import { toPassTaskRoles } from './deploy-role';
import { Source } from './source';
import { trusted } from './trust';
import { allow } from './wildcards';

export interface PipelineRoleProps {
  readonly environment: Environment;
  readonly artifacts: Artifacts;
  readonly source: Source;
}

export function addPipelineRole(scope: Construct, { environment, artifacts, source }: PipelineRoleProps): iam.Role {
  const role = new iam.Role(scope, 'Role', {
    assumedBy: trusted('codepipeline'),
    description: 'The photobooth\'s pipeline',
  });
  const arns = new Arns(scope, environment.name);
  allow(role, [
    ...source.rights,
    ...artifacts.useByPipeline(),
    new iam.PolicyStatement({
      sid: 'Builds',
      actions: ['codebuild:BatchGetBuilds', 'codebuild:StartBuild', 'codebuild:StopBuild'],
      resources: builds.map((build) => arns.build(build)),
    }),
    new iam.PolicyStatement({
      sid: 'Validator',
      actions: ['lambda:InvokeFunction'],
      resources: [arns.function(namesOf(environment.name).validator)],
    }),
    ...toDeploy(arns),
    toPassTaskRoles(scope, environment),
  ]);
  return role;
}

function toDeploy(arns: Arns): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'Deployments',
      actions: ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment', 'codedeploy:StopDeployment'],
      resources: arns.deploymentGroups,
    }),
    new iam.PolicyStatement({
      sid: 'Revisions',
      actions: [
        'codedeploy:GetApplication',
        'codedeploy:GetApplicationRevision',
        'codedeploy:RegisterApplicationRevision',
      ],
      resources: [arns.application],
    }),
    new iam.PolicyStatement({
      sid: 'Shift',
      actions: ['codedeploy:GetDeploymentConfig'],
      resources: [arns.deploymentConfig],
    }),
    new iam.PolicyStatement({ sid: 'Register', actions: ['ecs:RegisterTaskDefinition'], resources: ['*'] }),
    new iam.PolicyStatement({
      sid: 'Tag',
      actions: ['ecs:TagResource'],
      resources: arns.taskFamilies,
      conditions: { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } },
    }),
  ];
}
