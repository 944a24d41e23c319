// The dashboard: a guest's journey from left to right and top to bottom, then what it runs on and what it costs.

import * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { baseline, gpuDollarsAnHour } from './baseline';
import { Metrics } from './metrics';

const widths = { third: 8, half: 12, whole: 24 } as const;

export class BoothDashboard extends Construct {
  constructor(scope: Construct, id: string, environment: Environment, metrics: Metrics, alarms: cloudwatch.Alarm[]) {
    super(scope, id);
    const dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: namesOf(environment.name).dashboard,
      defaultInterval: cdk.Duration.hours(3),
      periodOverride: cloudwatch.PeriodOverride.AUTO,
    });
    dashboard.addWidgets(new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms, width: widths.whole, height: 3 }));
    dashboard.addWidgets(...journey(metrics));
    dashboard.addWidgets(...queueAndSteps(metrics));
    dashboard.addWidgets(...errors(metrics));
    dashboard.addWidgets(...machines(metrics));
    dashboard.addWidgets(performanceBaseline(metrics), cost(metrics));
  }
}

function graph(title: string, width: number, left: cloudwatch.IMetric[], right: cloudwatch.IMetric[] = []) {
  return new cloudwatch.GraphWidget({
    title,
    width,
    height: 6,
    left,
    right,
    leftYAxis: { min: 0 },
    rightYAxis: { min: 0 },
    liveData: true,
  });
}

function journey(metrics: Metrics): cloudwatch.IWidget[] {
  return [
    graph('Requests a minute', widths.third, [
      metrics.ofTargets('backend', 'RequestCount', 'Sum', '+'),
      metrics.ofTargets('frontend', 'RequestCount', 'Sum', '+'),
    ]),
    graph('Portraits a minute, by theme', widths.third, [metrics.boothBy('Portraits', 'Theme', 'Sum')]),
    graph('Answers of the API, seconds', widths.third, [
      metrics.ofTargets('backend', 'TargetResponseTime', 'p50', 'max'),
      metrics.ofTargets('backend', 'TargetResponseTime', 'p95', 'max'),
      metrics.ofTargets('backend', 'TargetResponseTime', 'p99', 'max'),
    ]),
  ];
}

function queueAndSteps(metrics: Metrics): cloudwatch.IWidget[] {
  return [
    graph(
      'Queue: photos, and seconds of the oldest',
      widths.third,
      [metrics.booth('QueueDepth', 'Maximum'), metrics.booth('BacklogPerWorker', 'Maximum')],
      [metrics.booth('OldestWaitSeconds', 'Maximum')],
    ),
    graph('Wait in the queue, seconds', widths.third, [
      metrics.booth('QueueWaitSeconds', 'Average'),
      metrics.booth('QueueWaitSeconds', 'Maximum'),
    ]),
    graph('Steps of a portrait, seconds', widths.third, [metrics.boothBy('StepSeconds', 'Step', 'Average')]),
  ];
}

function errors(metrics: Metrics): cloudwatch.IWidget[] {
  return [
    graph('Failed portraits, by code', widths.third, [metrics.boothBy('Failures', 'Code', 'Sum')]),
    graph('Errors in percent of requests', widths.third, [
      metrics.errorPercent('backend'),
      metrics.errorPercent('frontend'),
    ]),
    graph('Answers that no task gave', widths.third, [metrics.refusals()]),
  ];
}

function machines(metrics: Metrics): cloudwatch.IWidget[] {
  return [
    graph(
      'GPUs: machines and workers; percent reserved and demanded',
      widths.third,
      [metrics.gpuMachines(), metrics.booth('Workers', 'Maximum'), metrics.boothBy('UsableStudios', 'Device', 'Sum')],
      [metrics.gpuReservedPercent(), metrics.gpuDemandPercent()],
    ),
    graph('Memory of the backend', widths.third, [
      metrics.booth('MemoryBytes', 'Average'),
      metrics.booth('MemoryBytes', 'Maximum'),
    ]),
    graph(
      'Database: capacity units, connections',
      widths.third,
      [metrics.database('ServerlessDatabaseCapacity')],
      [metrics.database('DatabaseConnections', 'Sum')],
    ),
  ];
}

/** What is measured, beside what it was when the release was accepted, and beside what is usual here. */
function performanceBaseline(metrics: Metrics): cloudwatch.IWidget {
  const portrait = metrics.booth('PortraitSeconds', 'Average');
  const usual = new cloudwatch.MathExpression({
    expression: 'ANOMALY_DETECTION_BAND(portrait, 2)',
    usingMetrics: { portrait },
    label: 'usual',
    period: cdk.Duration.minutes(1),
  });
  return new cloudwatch.GraphWidget({
    title: 'Baseline: seconds of a portrait, and seconds of waiting',
    width: widths.half,
    height: 6,
    left: [usual, metrics.booth('PortraitSeconds', 'Average'), metrics.booth('QueueWaitSeconds', 'Average')],
    leftYAxis: { min: 0 },
    leftAnnotations: [
      { value: baseline.portraitSeconds, label: 'a portrait, as accepted', color: cloudwatch.Color.GREEN },
      { value: baseline.waitSeconds, label: 'the longest wait that is promised', color: cloudwatch.Color.ORANGE },
    ],
  });
}

/** The GPUs are what grows with the guests; the whole is in the budget. */
function cost(metrics: Metrics): cloudwatch.IWidget {
  const dollars = new cloudwatch.MathExpression({
    expression: `machines * ${gpuDollarsAnHour}`,
    usingMetrics: { machines: metrics.gpuMachines() },
    label: 'dollars an hour for GPUs',
    period: cdk.Duration.minutes(1),
  });
  const cents = new cloudwatch.MathExpression({
    expression: `IF(portraits > 0, 100 * machines * ${gpuDollarsAnHour} / (60 * portraits))`,
    usingMetrics: { machines: metrics.gpuMachines(), portraits: metrics.booth('Portraits', 'Sum') },
    label: 'cents of GPU a portrait',
    period: cdk.Duration.minutes(1),
  });
  return graph('Cost, estimated with the price of a g6.xlarge', widths.half, [dollars], [cents]);
}
