// Who hears of a release: the function that reads events, and the operator, by the topic of the alarms.

import * as cdk from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { Arns } from './arns';

/** Whoever has something to say of a release says it as this source; `aws events put-events` does. */
export const customSource = 'ai-photobooth';

const field = (path: string) => events.EventField.fromPath(path);

/** Deployments that failed are mailed by the monitoring stack, which counts them too. */
export function addNotices(scope: Construct, environment: Environment, reader: lambda.IFunction): void {
  const names = namesOf(environment.name);
  const pipeline = { source: ['aws.codepipeline'], detailType: ['CodePipeline Pipeline Execution State Change'] };
  const tell = new targets.LambdaFunction(reader, { retryAttempts: 4, maxEventAge: cdk.Duration.hours(1) });
  const mail = (text: string): events.IRuleTarget => ({
    bind: () => ({ arn: new Arns(scope, environment.name).topic, input: events.RuleTargetInput.fromText(text) }),
  });
  new events.Rule(scope, 'PipelineEvents', {
    description: 'Every start and end of the pipeline, for its trace',
    eventPattern: { ...pipeline, detail: { pipeline: [names.pipeline] } },
    targets: [tell],
  });
  new events.Rule(scope, 'FailedPipeline', {
    description: 'The pipeline failed',
    eventPattern: { ...pipeline, detail: { pipeline: [names.pipeline], state: ['FAILED'] } },
    targets: [
      mail(
        `Pipeline ${names.pipeline} failed: execution ${field('$.detail.execution-id')}. ` +
          'buildspecs/README.md says how to find out why.',
      ),
    ],
  });
  new events.Rule(scope, 'DeploymentEvents', {
    description: 'Every start and end of a deployment, for what is left to clean up',
    eventPattern: {
      source: ['aws.codedeploy'],
      detailType: ['CodeDeploy Deployment State-change Notification'],
      detail: { application: [names.deployments] },
    },
    targets: [tell],
  });
  addCustom(scope, environment, tell, mail(`${field('$.detail-type')}: ${field('$.detail.message')}`));
}

/** Values are noted, messages are mailed: of an event without one there would be an empty line to read. */
function addCustom(scope: Construct, environment: Environment, tell: events.IRuleTarget, mail: events.IRuleTarget): void {
  const source = [customSource];
  const detail = { environment: [environment.name] };
  new events.Rule(scope, 'CustomEvents', {
    description: 'What people and programs have to say of a release',
    eventPattern: { source, detail },
    targets: [tell],
  });
  new events.Rule(scope, 'Messages', {
    description: 'What the operator is to read of it',
    eventPattern: { source, detail: { ...detail, message: events.Match.exists() } },
    targets: [mail],
  });
}
