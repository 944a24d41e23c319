// Who hears of it: a topic that mails the operator, the budget, and the deployments that failed.

import * as cdk from 'aws-cdk-lib';
import * as budgets from 'aws-cdk-lib/aws-budgets';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { operatorValues, readParameter } from '../parameters';

const thisAccount = { StringEquals: { 'aws:SourceAccount': cdk.Aws.ACCOUNT_ID } };

/** Services that write to the topic, and so must use its key. */
const writers = [
  { service: 'cloudwatch', conditions: thisAccount },
  { service: 'budgets', conditions: thisAccount },
  { service: 'codestar-notifications', conditions: thisAccount },
  // It does not say for whom it asks; rules reach a topic of another account only with its consent.
  { service: 'events', conditions: {} },
];

/** The topic of everything that a person must know. */
export function addTopic(scope: Construct, environment: Environment): sns.Topic {
  const key = new kms.Key(scope, 'NoticeKey', {
    description: `Notices of the photobooth in ${environment.name}`,
    enableKeyRotation: true,
    removalPolicy: cdk.RemovalPolicy.DESTROY,
    pendingWindow: cdk.Duration.days(7),
  });
  const topic = new sns.Topic(scope, 'Notices', {
    topicName: namesOf(environment.name).alarmTopic,
    displayName: `AI Photobooth ${environment.name}`,
    masterKey: key,
    enforceSSL: true,
  });
  topic.addSubscription(
    new subscriptions.EmailSubscription(readParameter(scope, environment.name, operatorValues.alarmEmail)),
  );
  for (const { service, conditions } of writers) {
    const writer = new iam.ServicePrincipal(`${service}.amazonaws.com`);
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [writer],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        // A key's policy speaks of that key alone.
        resources: ['*'],
        conditions,
      }),
    );
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [writer],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions,
      }),
    );
  }
  return topic;
}

/** Tells of deployments that failed; counts them for the alarm. */
export function watchDeployments(scope: Construct, environment: Environment, topic: sns.ITopic): cloudwatch.Metric {
  const rule = new events.Rule(scope, 'FailedDeployments', {
    description: 'Deployments of the photobooth that failed or were stopped',
    eventPattern: {
      source: ['aws.codedeploy'],
      detailType: ['CodeDeploy Deployment State-change Notification'],
      detail: { application: [namesOf(environment.name).deployments], state: ['FAILURE', 'STOP'] },
    },
  });
  const field = (name: string) => events.EventField.fromPath(`$.detail.${name}`);
  const input = events.RuleTargetInput.fromText(
    `Deployment ${field('deploymentId')} of ${field('deploymentGroup')} ended with ${field('state')}. ` +
      'buildspecs/README.md says how to find out why.',
  );
  // CDK's own target would allow more on the topic's key than publishing takes.
  rule.addTarget({ bind: () => ({ arn: topic.topicArn, input }) });
  return new cloudwatch.Metric({
    namespace: 'AWS/Events',
    metricName: 'MatchedEvents',
    dimensionsMap: { RuleName: rule.ruleName },
    statistic: 'Sum',
    period: cdk.Duration.minutes(1),
  });
}

/** Mails at four fifths of the month's money, and when the month will take more than all of it. */
export function addBudget(scope: Construct, environment: Environment, topic: sns.ITopic): void {
  const subscribers = [{ subscriptionType: 'SNS', address: topic.topicArn }];
  const notice = (notificationType: string, threshold: number) => ({
    notification: {
      notificationType,
      threshold,
      thresholdType: 'PERCENTAGE',
      comparisonOperator: 'GREATER_THAN',
    },
    subscribers,
  });
  new budgets.CfnBudget(scope, 'Budget', {
    budget: {
      budgetName: `photobooth-${environment.name}`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: environment.monthlyBudgetDollars, unit: 'USD' },
      // Counts only once the tag is activated for cost allocation.
      costFilters: { TagKeyValue: [`user:Environment$${environment.name}`] },
    },
    notificationsWithSubscribers: [notice('ACTUAL', 80), notice('FORECASTED', 100)],
  });
}
