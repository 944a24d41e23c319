// The monthly rotation of the database password, and what it takes that nobody notices: tasks that know the new one.

import * as cdk from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { rotationRole } from './rotation-role';

/** Connections live on under the old password for half an hour: enough for the few tasks of an early morning. */
const timing = {
  look: cdk.Duration.seconds(30),
  /** Until a task that has just become ready has shown that it stays so. */
  warmUp: cdk.Duration.minutes(2),
  /** After so long it gives up, in time to let the scaling go on. */
  patience: cdk.Duration.hours(2),
  all: cdk.Duration.hours(3),
};

/** What is asked of the secret and of the service, as they were last seen, in JSONata. */
const seen = '$states.input.now.Services[0]';
const asked = {
  // Secrets Manager only begins when it is asked; a task that starts before it is done reads the old password.
  isRotated: "'AWSCURRENT' in $states.input.now.Versions[VersionId = $states.input.rotation.VersionId].VersionStages",
  // CodeDeploy has blue beside green for as long as it is not done.
  noRelease: `$count(${seen}.TaskSets) <= 1`,
  // A task runs long before its models are warm: steady is only what the load balancer finds healthy.
  allRun:
    `${seen}.RunningCount >= ${seen}.DesiredCount and ` +
    `${seen}.TaskSets[Status = 'PRIMARY'].StabilityStatus = 'STEADY_STATE'`,
  hasTime:
    '$toMillis($states.context.State.EnteredTime) - $toMillis($states.context.Execution.StartTime) ' +
    `< ${timing.patience.toMilliseconds()}`,
};

export interface RotationProps {
  readonly environment: Environment;
  readonly credentials: secretsmanager.ISecret;
  /** Of the function that Secrets Manager rotates them with. */
  readonly functionArn: string;
}

/**
 * Rotates, starts one task more, then replaces the old tasks one by one, each finishing its portrait. A password is
 * read when a task starts, and ECS cannot restart what CodeDeploy deploys. The scaling takes the one more.
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
      role: rotationRole(this, props).withoutPolicyUpdates(),
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

  /** Whatever happens once scaling in is suspended, it is resumed. */
  private steps(credentials: secretsmanager.ISecret): sfn.IChainable {
    const work = new sfn.Parallel(this, 'With one task more', { resultPath: sfn.JsonPath.DISCARD });
    work.branch(this.replacement(credentials));
    work.addCatch(
      this.scalesIn('Failed: scale in again', true).next(
        new sfn.Fail(this, 'Not all done', { cause: 'The state that failed is in the history of this execution' }),
      ),
      { resultPath: sfn.JsonPath.DISCARD },
    );
    return this.when('No release', asked.noRelease, work.next(this.scalesIn('Scale in again', true)));
  }

  private replacement(credentials: secretsmanager.ISecret): sfn.IChainable {
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
    // Nearly nobody waits at this hour: the one more would be taken away within a minute.
    const replaceAll = this.scalesIn('Scale in no more', false)
      .next(this.ecs('Old tasks', 'listTasks', { Cluster: this.where.Cluster, ServiceName: this.where.Service }, '$.old'))
      .next(this.ecs('How many', 'describeServices', this.named(), '$.before'))
      // It may be one above autoscaling/max-capacity: only the scaling keeps to that.
      .next(this.ecs('One more', 'updateService', { ...this.where, DesiredCount: sfn.JsonPath.mathAdd(before, 1) }))
      .next(replace)
      .next(this.whenAllRun('After', new sfn.Succeed(this, 'All replaced')));
    const secret = { SecretId: credentials.secretArn };
    const rotate = { ...secret, RotateImmediately: true, ClientRequestToken: sfn.JsonPath.uuid() };
    const versions = this.call('Rotated: its versions', 'secretsmanager', 'listSecretVersionIds', secret, '$.now');
    return this.call('Rotate', 'secretsmanager', 'rotateSecret', rotate, '$.rotation').next(
      this.when('Rotated', asked.isRotated, replaceAll, versions),
    );
  }

  /** Waits until every task that is wanted is ready for guests, then goes on. */
  private whenAllRun(name: string, next: sfn.IChainable & sfn.State): sfn.Chain {
    return this.when(name, asked.allRun, this.wait(`${name}: warm up`, timing.warmUp).next(next));
  }

  /** Looks until it is as asked, at the service unless told at what else; gives up when there is no time left. */
  private when(name: string, condition: string, next: sfn.IChainable, seeing?: CallAwsService): sfn.Chain {
    const look = this.wait(`${name}: look again`, timing.look);
    const isSo = (question: string) => sfn.Condition.jsonata(`{% ${question} %}`);
    return sfn.Chain.start(look)
      .next(seeing ?? this.ecs(`${name}: the service`, 'describeServices', this.named(), '$.now'))
      .next(
        sfn.Choice.jsonata(this, `${name}: is it so?`)
          // However many tasks there are: where the machine itself runs out of time, nothing resumes the scaling.
          .when(isSo(`${asked.hasTime} and ${condition}`), next)
          .when(isSo(asked.hasTime), look)
          .otherwise(new sfn.Fail(this, `${name}: not in time`, { cause: 'It took longer than this machine waits' })),
      );
  }

  /** Whether the scaling may take tasks away. Each call also brings their number within its bounds. */
  private scalesIn(id: string, may: boolean): CallAwsService {
    return this.call(id, 'applicationautoscaling', 'registerScalableTarget', {
      ServiceNamespace: 'ecs',
      ScalableDimension: 'ecs:service:DesiredCount',
      ResourceId: `service/${this.where.Cluster}/${this.where.Service}`,
      SuspendedState: { DynamicScalingInSuspended: !may },
    });
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
}
