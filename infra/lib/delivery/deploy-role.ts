// What CodeDeploy may do: swap the two services, ask the hooks, and look at the alarms.

import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { facts, readParameter } from '../parameters';
import { Arns } from './arns';
import { Artifacts, folders } from './artifacts';
import { functionsOf } from './functions';
import { trusted } from './trust';
import { allow } from './wildcards';

export interface DeployRoleProps {
  readonly environment: Environment;
  readonly artifacts: Artifacts;
}

/** As AWS's own policy AWSCodeDeployRoleForECSLimited, but of these services alone. */
export function addDeployRole(scope: Construct, { environment, artifacts }: DeployRoleProps): iam.Role {
  const role = new iam.Role(scope, 'Role', {
    assumedBy: trusted('codedeploy'),
    description: 'Swaps the photobooth\'s services, blue for green',
  });
  const arns = new Arns(scope, environment.name);
  allow(role, [
    ...toSwap(scope, environment, arns),
    toPassTaskRoles(scope, environment),
    // How it asks is not ours to know: limited to the alarms by name, it might be refused and let no release through.
    new iam.PolicyStatement({ sid: 'Alarms', actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
    new iam.PolicyStatement({
      sid: 'RollbackByHand',
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [artifacts.objects(folders.rollbacks)],
    }),
    artifacts.toDecrypt(),
  ]);
  return role;
}

function toSwap(scope: Construct, environment: Environment, arns: Arns): iam.PolicyStatement[] {
  const listener = (fact: typeof facts.productionListenerArn | typeof facts.testListenerArn) =>
    readParameter(scope, environment.name, fact);
  const hooks = Object.entries(functionsOf(environment))
    .filter(([purpose]) => purpose !== 'events' && purpose !== 'validate-deployment')
    .map(([, { name }]) => arns.function(name));
  return [
    new iam.PolicyStatement({
      sid: 'TaskSets',
      actions: ['ecs:DeleteTaskSet', 'ecs:DescribeServices', 'ecs:UpdateServicePrimaryTaskSet'],
      resources: [...arns.services, ...arns.taskSetsAndTasks],
    }),
    new iam.PolicyStatement({
      sid: 'NewTaskSets',
      actions: ['ecs:CreateTaskSet'],
      resources: ['*'],
      conditions: { ArnEquals: { 'ecs:cluster': arns.cluster } },
    }),
    new iam.PolicyStatement({
      sid: 'FindTraffic',
      actions: [
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeRules',
        'elasticloadbalancing:DescribeTargetGroups',
      ],
      resources: ['*'],
    }),
    new iam.PolicyStatement({
      sid: 'MoveTraffic',
      actions: ['elasticloadbalancing:ModifyListener', 'elasticloadbalancing:ModifyRule'],
      resources: [listener(facts.productionListenerArn), listener(facts.testListenerArn), arns.listenerRules],
    }),
    new iam.PolicyStatement({ sid: 'Hooks', actions: ['lambda:InvokeFunction'], resources: hooks }),
  ];
}

/** To hand the tasks' own roles on to them: these four, and to tasks alone. */
export function toPassTaskRoles(scope: Construct, environment: Environment): iam.PolicyStatement {
  const roles = [
    facts.backendTaskRole,
    facts.backendExecutionRole,
    facts.frontendTaskRole,
    facts.frontendExecutionRole,
  ];
  return new iam.PolicyStatement({
    sid: 'TaskRoles',
    actions: ['iam:PassRole'],
    resources: roles.map((role) => readParameter(scope, environment.name, role)),
    conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  });
}
