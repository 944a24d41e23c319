// The monthly rotation of the database password, and what it takes that nobody notices: tasks that know the new one.

import * as cdk from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';

/** Connections live on under the old password for half an hour: enough for the few tasks of an early morning. */
const timing = {
  rotation: cdk.Duration.minutes(2),
  look: cdk.Duration.seconds(30),
  /** Models, and the load balancer's checks. */
  warmUp: cdk.Duration.minutes(2),
  all: cdk.Duration.hours(2),
};

export interface RotationProps {
  readonly environment: Environment;
  readonly credentials: secretsmanager.ISecret;
  /** Of the function that Secrets Manager rotates them with. */
  readonly functionArn: string;
}

/**
 * Rotates, starts one task more, then replaces the old tasks one by one, each finishing its portrait. A password is
 * read when a task starts, and ECS cannot restart what CodeDeploy deploys.
 */
export class Rotation extends Construct {
  private readonly where: { Cluster: string; Service: string };

  constructor(scope: Construct, id: string, props: RotationProps) {
    super(scope, id);
    const { cluster, backend, rotation } = namesOf(props.environment.name);
    this.where = { Cluster: cluster, Service: backend.service };
    const machine = new sfn.StateMachine(this, 'Machine', {
      stateMachineName: rotation,
      comment: 'Rotates the database password and replaces the backend tasks that know the old one',
      definitionBody: sfn.DefinitionBody.fromChainable(this.steps(props.credentials)),
      role: this.role(props).withoutPolicyUpdates(),
      timeout: timing.all,
    });
    cdk.Validations.of(machine).acknowledge(
      { id: 'AwsSolutions-SF1', reason: 'It runs once a month, and its history of each step is kept by the service itself.' },
      { id: 'AwsSolutions-SF2', reason: 'Waits and calls of ECS: there is no time in it that a trace would explain.' },
    );
    new events.Rule(this, 'Monthly', {
      description: 'The first of the month, when nobody celebrates',
      schedule: events.Schedule.cron({ minute: '15', hour: '4', day: '1' }),
      targets: [new targets.SfnStateMachine(machine)],
    });
  }

  private steps(credentials: secretsmanager.ISecret): sfn.IChainable {
    const before = sfn.JsonPath.numberAt('$.before.Services[0].DesiredCount');
    const replace = new sfn.Map(this, 'One after the other', {
      itemsPath: '$.old.TaskArns',
      itemSelector: { task: sfn.JsonPath.stringAt('$$.Map.Item.Value') },
      maxConcurrency: 1,
      resultPath: sfn.JsonPath.DISCARD,
    });
    replace.itemProcessor(this.whenAllRun('Before', this.ecs('Stop an old task', 'stopTask', {
      Cluster: this.where.Cluster,
      Task: sfn.JsonPath.stringAt('$.task'),
      Reason: 'It knows the old password of the database',
    })));
    return this.call('Rotate', 'secretsmanager', 'rotateSecret', {
      SecretId: credentials.secretArn,
      RotateImmediately: true,
    })
      .next(this.wait('Until it is rotated', timing.rotation))
      .next(this.ecs('Old tasks', 'listTasks', { Cluster: this.where.Cluster, ServiceName: this.where.Service }, '$.old'))
      .next(this.ecs('How many', 'describeServices', this.named(), '$.before'))
      .next(this.ecs('One more', 'updateService', { ...this.where, DesiredCount: sfn.JsonPath.mathAdd(before, 1) }))
      .next(replace)
      .next(this.whenAllRun('After', this.ecs('As many as before', 'updateService', { ...this.where, DesiredCount: before })));
  }

  /** Waits until every task that is wanted runs and is warm, then goes on. */
  private whenAllRun(when: string, next: sfn.IChainable & sfn.State): sfn.Chain {
    const look = this.wait(`${when}: look again`, timing.look);
    const service = '$.now.Services[0]';
    return sfn.Chain.start(look)
      .next(this.ecs(`${when}: the service`, 'describeServices', this.named(), '$.now'))
      .next(
        new sfn.Choice(this, `${when}: all run?`)
          .when(
            sfn.Condition.numberLessThanJsonPath(`${service}.RunningCount`, `${service}.DesiredCount`),
            look,
          )
          .otherwise(this.wait(`${when}: warm up`, timing.warmUp).next(next)),
      );
  }

  private named(): Record<string, unknown> {
    return { Cluster: this.where.Cluster, Services: [this.where.Service] };
  }

  private wait(id: string, duration: cdk.Duration): sfn.Wait {
    return new sfn.Wait(this, id, { time: sfn.WaitTime.duration(duration) });
  }

  private ecs(id: string, action: string, parameters: Record<string, unknown>, resultPath?: string): CallAwsService {
    return this.call(id, 'ecs', action, parameters, resultPath);
  }

  private call(
    id: string,
    service: string,
    action: string,
    parameters: Record<string, unknown>,
    resultPath: string = sfn.JsonPath.DISCARD,
  ): CallAwsService {
    const call = new CallAwsService(this, id, {
      service,
      action,
      parameters,
      resultPath,
      // The machine's role says it all; CDK would add to it.
      iamResources: ['*'],
    });
    call.addRetry({ interval: cdk.Duration.seconds(30), maxAttempts: 10, backoffRate: 1 });
    return call;
  }

  private role({ environment, credentials, functionArn }: RotationProps): iam.Role {
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com'),
      description: 'Rotates the database password and replaces backend tasks',
    });
    const { cluster, backend } = namesOf(environment.name);
    const arn = (resource: string, resourceName: string) =>
      cdk.Stack.of(this).formatArn({ service: 'ecs', resource, resourceName });
    const clusterIs = { ArnEquals: { 'ecs:cluster': arn('cluster', cluster) } };
    for (const [actions, resource, conditions] of [
      [['secretsmanager:RotateSecret'], credentials.secretArn, {}],
      // Who rotates must be allowed to call what rotates.
      [['lambda:InvokeFunction'], functionArn, {}],
      [['ecs:DescribeServices', 'ecs:UpdateService'], arn('service', `${cluster}/${backend.service}`), {}],
      [['ecs:StopTask'], arn('task', `${cluster}/*`), clusterIs],
      // It knows machines, and tasks of a service are listed without naming one.
      [['ecs:ListTasks'], '*', clusterIs],
    ] as const) {
      role.addToPolicy(new iam.PolicyStatement({ actions: [...actions], resources: [resource], conditions }));
    }
    cdk.Validations.of(role).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'ecs:ListTasks is limited to the cluster by its condition.' },
      {
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:task/${cluster}/*]`,
        reason: 'Tasks have random names; it is limited to those of the cluster.',
      },
    );
    return role;
  }
}
