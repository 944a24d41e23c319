// Rights that more than one role of the pipeline has: to look at what runs, to measure, to log.

import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Arns } from './arns';

/** Where the hooks and the validator write what they found. */
export const metricNamespace = 'AI-Photobooth/Deployment';

/** Services, their task sets, tasks and targets, as they are now. */
export function toLook(arns: Arns): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'Services',
      actions: ['ecs:DescribeServices', 'ecs:DescribeTasks'],
      resources: [...arns.services, ...arns.taskSetsAndTasks],
    }),
    new iam.PolicyStatement({
      sid: 'Tasks',
      actions: ['ecs:ListTasks'],
      resources: ['*'],
      conditions: { ArnEquals: { 'ecs:cluster': arns.cluster } },
    }),
    new iam.PolicyStatement({
      sid: 'TaskDefinitionsAndTargets',
      actions: [
        'ecs:DescribeTaskDefinition',
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeLoadBalancers',
        'elasticloadbalancing:DescribeRules',
        'elasticloadbalancing:DescribeTargetGroupAttributes',
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeTargetHealth',
      ],
      resources: ['*'],
    }),
  ];
}

/** What CloudWatch knows of the booth, and which alarms are on. */
export function toReadMetrics(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'ReadMetrics',
    actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'],
    resources: ['*'],
  });
}

export function toMeasure(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Metrics',
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringEquals: { 'cloudwatch:namespace': metricNamespace } },
  });
}

export function toLog(group: logs.LogGroup): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Log',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    // The group's ARN ends with what stands for its streams.
    resources: [group.logGroupArn],
  });
}

/** Through the test listener, to the colour that no guest sees yet. */
export function toOpenTheTestListener(arns: Arns): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'TestTraffic',
    actions: ['secretsmanager:GetSecretValue'],
    resources: [arns.testTraffic],
  });
}
