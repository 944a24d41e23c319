// What a GPU machine may do: what the container agent on it needs. Images and logs are the tasks' own business.

import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export function machineRole(scope: Construct, cluster: { readonly name: string; readonly arn: string }): iam.Role {
  const role = new iam.Role(scope, 'MachineRole', {
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    description: 'GPU machines: what the container agent needs',
  });
  const machines = cdk.Stack.of(scope).formatArn({
    service: 'ecs',
    resource: 'container-instance',
    resourceName: `${cluster.name}/*`,
  });
  role.addToPolicy(
    new iam.PolicyStatement({
      sid: 'JoinTheCluster',
      actions: [
        'ecs:DeregisterContainerInstance',
        'ecs:RegisterContainerInstance',
        'ecs:SubmitAttachmentStateChanges',
        'ecs:SubmitContainerStateChange',
        'ecs:SubmitTaskStateChange',
      ],
      resources: [cluster.arn],
    }),
  );
  role.addToPolicy(
    new iam.PolicyStatement({
      sid: 'HearAndReport',
      actions: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
      resources: [machines],
      conditions: { ArnEquals: { 'ecs:cluster': cluster.arn } },
    }),
  );
  role.addToPolicy(
    new iam.PolicyStatement({
      sid: 'FindTheService',
      // It knows no resources.
      actions: ['ecs:DiscoverPollEndpoint'],
      resources: ['*'],
    }),
  );
  acknowledge(role, cluster.name);
  return role;
}

function acknowledge(role: iam.Role, cluster: string): void {
  const machines = `arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:container-instance/${cluster}/*`;
  cdk.Validations.of(role).acknowledge(
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'ecs:DiscoverPollEndpoint knows no resources.',
    },
    {
      id: `AwsSolutions-IAM5[Resource::${machines}]`,
      reason: 'Machines are named when they join; it is limited to those of this cluster.',
    },
  );
}
