// How many backend tasks there are: by the photos that wait for each worker, between the parameters' min and max.

import * as cdk from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { readNumber, settings } from '../parameters';
import policy from '../../scaling.json';

// The policy itself, which `cargo xtask simulate` plays days of guests against. A portrait takes a worker about a second;
// a machine that has to boot takes minutes, so it is called well before guests would wait. The rest after that is about
// as long as the boot. One task goes after a quarter of an hour in which nearly nobody waited.
const { scaleOut, scaleIn } = policy;

export class BacklogScaling extends Construct {
  constructor(scope: Construct, id: string, service: ecs.Ec2Service, environment: Environment) {
    super(scope, id);
    const { cluster, backend, alarm } = namesOf(environment.name);
    const target = new scaling.ScalableTarget(this, 'Tasks', {
      serviceNamespace: scaling.ServiceNamespace.ECS,
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${cluster}/${backend.service}`,
      minCapacity: readNumber(this, environment.name, settings.minCapacity),
      maxCapacity: readNumber(this, environment.name, settings.maxCapacity),
      role: this.serviceRole(),
    });
    target.node.addDependency(service);
    const backlog = new cloudwatch.Metric({
      namespace: 'AI-Photobooth',
      metricName: 'BacklogPerWorker',
      dimensionsMap: { Environment: environment.name, Role: 'all' },
      // Every task reports the same queue.
      statistic: cloudwatch.Stats.MAXIMUM,
      period: cdk.Duration.minutes(1),
    });
    this.addTasks(target, backlog, alarm('scale-out'));
    this.removeTasks(target, backlog, alarm('scale-in'));
  }

  /** The one that AWS makes in every account in which something scales. */
  private serviceRole(): iam.IRole {
    const arn = cdk.Stack.of(this).formatArn({
      service: 'iam',
      region: '',
      resource: 'role/aws-service-role/ecs.application-autoscaling.amazonaws.com',
      resourceName: 'AWSServiceRoleForApplicationAutoScaling_ECSService',
    });
    return iam.Role.fromRoleArn(this, 'ServiceRole', arn, { mutable: false });
  }

  private addTasks(target: scaling.ScalableTarget, backlog: cloudwatch.Metric, alarmName: string): void {
    const threshold = Math.min(...scaleOut.steps.map((step) => step.backlogPerWorker));
    const action = new scaling.StepScalingAction(this, 'Add', {
      scalingTarget: target,
      adjustmentType: scaling.AdjustmentType.CHANGE_IN_CAPACITY,
      // Larger steps are not held back by it.
      cooldown: cdk.Duration.minutes(scaleOut.cooldownMinutes),
      metricAggregationType: scaling.MetricAggregationType.MAXIMUM,
    });
    scaleOut.steps.forEach(({ backlogPerWorker, tasks }, index) => {
      const next = scaleOut.steps[index + 1];
      action.addAdjustment({
        adjustment: tasks,
        // Counted from the alarm's threshold.
        lowerBound: backlogPerWorker - threshold,
        ...(next === undefined ? {} : { upperBound: next.backlogPerWorker - threshold }),
      });
    });
    const alarm = new cloudwatch.Alarm(this, 'Waiting', {
      alarmName,
      alarmDescription: 'Photos wait: more tasks are added',
      metric: backlog,
      threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new ApplicationScalingAction(action));
  }

  private removeTasks(target: scaling.ScalableTarget, backlog: cloudwatch.Metric, alarmName: string): void {
    const action = new scaling.StepScalingAction(this, 'Remove', {
      scalingTarget: target,
      adjustmentType: scaling.AdjustmentType.CHANGE_IN_CAPACITY,
      cooldown: cdk.Duration.minutes(scaleIn.cooldownMinutes),
      metricAggregationType: scaling.MetricAggregationType.MAXIMUM,
    });
    action.addAdjustment({ adjustment: -1, upperBound: 0 });
    const alarm = new cloudwatch.Alarm(this, 'Idle', {
      alarmName,
      alarmDescription: 'Nearly nobody waited for a while: a task is taken away',
      metric: backlog,
      threshold: scaleIn.backlogPerWorker,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: scaleIn.minutes,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new ApplicationScalingAction(action));
  }
}
