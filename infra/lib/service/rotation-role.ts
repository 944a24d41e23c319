// What the rotation of the database password may do: rotate this secret, and move the tasks of this service.

import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { namesOf } from '../names';
import type { RotationProps } from './rotation';

export function rotationRole(scope: Construct, { environment, credentials, functionArn }: RotationProps): iam.Role {
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('states.amazonaws.com'),
    description: 'Rotates the database password and replaces backend tasks',
  });
  const { cluster, backend } = namesOf(environment.name);
  const arn = (service: string, resource: string, resourceName: string) =>
    cdk.Stack.of(scope).formatArn({ service, resource, resourceName });
  const clusterIs = { ArnEquals: { 'ecs:cluster': arn('ecs', 'cluster', cluster) } };
  for (const [actions, resource, conditions] of [
    [['secretsmanager:ListSecretVersionIds', 'secretsmanager:RotateSecret'], credentials.secretArn, {}],
    // Who rotates must be allowed to call what rotates.
    [['lambda:InvokeFunction'], functionArn, {}],
    // Application Auto Scaling asks for both as well, so that no other service is registered.
    [['ecs:DescribeServices', 'ecs:UpdateService'], arn('ecs', 'service', `${cluster}/${backend.service}`), {}],
    [['ecs:StopTask'], arn('ecs', 'task', `${cluster}/*`), clusterIs],
    // It knows machines, and tasks of a service are listed without naming one.
    [['ecs:ListTasks'], '*', clusterIs],
  ] as const) {
    role.addToPolicy(new iam.PolicyStatement({ actions: [...actions], resources: [resource], conditions }));
  }
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['application-autoscaling:RegisterScalableTarget'],
      resources: [arn('application-autoscaling', 'scalable-target', '*')],
      conditions: {
        StringEquals: {
          'application-autoscaling:service-namespace': 'ecs',
          'application-autoscaling:scalable-dimension': 'ecs:service:DesiredCount',
        },
      },
    }),
  );
  const here = '<AWS::Region>:<AWS::AccountId>';
  cdk.Validations.of(role).acknowledge(
    { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'ecs:ListTasks is limited to the cluster by its condition.' },
    {
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:${here}:task/${cluster}/*]`,
      reason: 'Tasks have random names; it is limited to those of the cluster.',
    },
    {
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:application-autoscaling:${here}:scalable-target/*]`,
      reason: 'No target can be named; it is limited to counts of tasks, and by ecs:UpdateService to this one.',
    },
  );
  return role;
}
