// The alarms, each with what it means and where the runbook goes on; all of them are mailed.

import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import guestAlarms from '../../guest-alarms.json';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { baseline } from './baseline';
import { Metrics } from './metrics';

interface Condition {
  /** Ends the alarm's name; the deployment groups roll back by some of them. */
  readonly name: string;
  readonly meaning: string;
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  /** Minutes in a row. */
  readonly minutes: number;
  readonly comparison?: cloudwatch.ComparisonOperator;
  readonly missing?: cloudwatch.TreatMissingData;
}

export class Alarms extends Construct {
  readonly all: cloudwatch.Alarm[];

  constructor(
    scope: Construct,
    id: string,
    environment: Environment,
    metrics: Metrics,
    topic: sns.ITopic,
    failedDeployments: cloudwatch.IMetric,
  ) {
    super(scope, id);
    const { alarm } = namesOf(environment.name);
    const conditions = [
      ...ofGuests(metrics),
      ...ofMachines(metrics),
      ...ofOperation(failedDeployments, metrics.failedRotations(this), metrics),
    ];
    this.all = conditions.map((condition) => {
      const made = new cloudwatch.Alarm(this, condition.name, {
        alarmName: alarm(condition.name),
        alarmDescription: condition.meaning,
        metric: condition.metric,
        threshold: condition.threshold,
        evaluationPeriods: condition.minutes,
        comparisonOperator: condition.comparison ?? cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: condition.missing ?? cloudwatch.TreatMissingData.NOT_BREACHING,
      });
      made.addAlarmAction(new SnsAction(topic));
      made.addOkAction(new SnsAction(topic));
      return made;
    });
  }
}

function ofGuests(metrics: Metrics): Condition[] {
  const { errors, refusals, latency } = guestAlarms;
  return [
    {
      name: 'backend-errors',
      meaning: `More than ${errors.maxPercent} of 100 requests to the API failed. A deployment in progress rolls back.`,
      metric: metrics.errorPercent('backend'),
      threshold: errors.maxPercent,
      minutes: errors.minutes,
    },
    {
      name: 'frontend-errors',
      meaning: `More than ${errors.maxPercent} of 100 requests for the page failed. A deployment in progress rolls back.`,
      metric: metrics.errorPercent('frontend'),
      threshold: errors.maxPercent,
      minutes: errors.minutes,
    },
    {
      name: 'no-answer',
      meaning: 'The load balancer found no task that answers. A deployment in progress rolls back.',
      metric: metrics.refusals(),
      threshold: refusals.maxAMinute,
      minutes: refusals.minutes,
    },
    {
      name: 'latency',
      meaning: `5 of 100 API requests took over ${latency.maxP95Seconds} s. A deployment of the backend in progress rolls back.`,
      metric: metrics.ofTargets('backend', 'TargetResponseTime', 'p95', 'max'),
      threshold: latency.maxP95Seconds,
      minutes: latency.minutes,
    },
    {
      name: 'failed-portraits',
      meaning: 'Portraits fail. The log says why: saved query "failed portraits".',
      metric: metrics.booth('Failures', 'Sum'),
      threshold: 5,
      minutes: 3,
    },
    {
      name: 'backlog-age',
      meaning: `A guest has waited for four times the promised ${baseline.waitSeconds} seconds. Runbook: out of capacity.`,
      metric: metrics.booth('OldestWaitSeconds', 'Maximum'),
      threshold: 4 * baseline.waitSeconds,
      minutes: 3,
    },
  ];
}

function ofMachines(metrics: Metrics): Condition[] {
  return [
    {
      name: 'backend-unhealthy',
      meaning: 'A backend task is not ready: database, storage or models. Its /api/health says which.',
      metric: metrics.ofTargets('backend', 'UnHealthyHostCount', 'Maximum', '+'),
      threshold: 0,
      // A task that starts is unhealthy until its models are warm.
      minutes: 10,
    },
    {
      name: 'frontend-unhealthy',
      meaning: 'A frontend task does not answer.',
      metric: metrics.ofTargets('frontend', 'UnHealthyHostCount', 'Maximum', '+'),
      threshold: 0,
      minutes: 5,
    },
    {
      name: 'no-worker',
      meaning: 'Nobody makes portraits, or nobody says so.',
      metric: metrics.booth('Workers', 'Maximum'),
      threshold: 1,
      comparison: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      missing: cloudwatch.TreatMissingData.BREACHING,
      minutes: 10,
    },
    {
      name: 'gpu-capacity',
      meaning: 'Tasks have waited for GPU machines for a quarter of an hour. Runbook: out of capacity.',
      metric: metrics.gpuDemandPercent(),
      threshold: 100,
      minutes: 15,
    },
    {
      name: 'database-load',
      meaning: 'The database is near its largest size. Raise maxUnits in lib/environments.ts.',
      metric: metrics.database('ACUUtilization'),
      threshold: 90,
      minutes: 15,
    },
  ];
}

function ofOperation(
  failedDeployments: cloudwatch.IMetric,
  failedRotations: cloudwatch.IMetric,
  metrics: Metrics,
): Condition[] {
  return [
    {
      name: 'failed-deployments',
      meaning: 'A deployment failed or was rolled back.',
      metric: failedDeployments,
      threshold: 0,
      minutes: 1,
    },
    {
      name: 'failed-rotation',
      meaning: 'The password was not rotated, tasks still know the old one, or somebody stopped it. Runbook: rotating secrets.',
      metric: failedRotations,
      threshold: 0,
      minutes: 1,
    },
    {
      name: 'lost-events',
      meaning: 'A hook or an event of a release found no answer; the queue photobooth-lost-events-... has it. See buildspecs/README.md.',
      metric: metrics.lostEvents(),
      threshold: 0,
      minutes: 1,
    },
  ];
}
