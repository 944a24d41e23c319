// The names in Parameter Store and Secrets Manager under /ai-photobooth/{environment}/, and how stacks read them.

import * as cdk from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { EnvironmentName } from './environments';
import { namesOf } from './names';

/** Made by PhotoboothEcr with the environment's first values, changed by operators, read at every deployment. */
export const settings = {
  environment: 'environment',
  region: 'region',
  logRetentionDays: 'log-retention-days',
  minCapacity: 'autoscaling/min-capacity',
  maxCapacity: 'autoscaling/max-capacity',
  processingTimeoutMs: 'performance/processing-timeout-ms',
  enableXray: 'features/enable-xray',
  enableWaf: 'features/enable-waf',
} as const;

/** Written by operators before the first deployment: what only they know. The last two are the pipeline's alone. */
export const operatorValues = {
  certificateArn: 'certificate-arn',
  domainName: 'domain-name',
  alarmEmail: 'alarm-email',
  connectionArn: 'pipeline/connection-arn',
  repository: 'pipeline/repository',
} as const;

/** Written by PhotoboothStack for those who cannot know them by name. */
export const facts = {
  loadBalancerFullName: 'load-balancer/full-name',
  productionListenerArn: 'load-balancer/production-listener-arn',
  testListenerArn: 'load-balancer/test-listener-arn',
  backendBlue: 'target-groups/backend-blue',
  backendGreen: 'target-groups/backend-green',
  frontendBlue: 'target-groups/frontend-blue',
  frontendGreen: 'target-groups/frontend-green',
  bucketName: 'storage/bucket-name',
  backendTaskRole: 'roles/backend-task',
  backendExecutionRole: 'roles/backend-execution',
  frontendTaskRole: 'roles/frontend-task',
  frontendExecutionRole: 'roles/frontend-execution',
} as const;

export const secrets = {
  databaseCredentials: 'database-credentials',
  githubToken: 'github-token',
  externalApiKeys: 'external-api-keys',
  testTraffic: 'test-traffic',
} as const;

type ParameterKey =
  | (typeof settings)[keyof typeof settings]
  | (typeof operatorValues)[keyof typeof operatorValues]
  | (typeof facts)[keyof typeof facts];

export function parameterName(environment: EnvironmentName, key: ParameterKey): string {
  return `${namesOf(environment).parameters}/${key}`;
}

export function secretName(
  environment: EnvironmentName,
  key: (typeof secrets)[keyof typeof secrets],
): string {
  return `${namesOf(environment).parameters}/${key}`;
}

/** The value that a parameter has when the stack is deployed. */
export function readParameter(scope: Construct, environment: EnvironmentName, key: ParameterKey): string {
  return ssm.StringParameter.valueForStringParameter(
    cdk.Stack.of(scope),
    parameterName(environment, key),
  );
}

/** The same as a number: CloudFormation takes text where it expects one. */
export function readNumber(scope: Construct, environment: EnvironmentName, key: ParameterKey): number {
  return cdk.Token.asNumber(cdk.Lazy.any({ produce: () => readParameter(scope, environment, key) }));
}

/** True at deployment where the parameter says `true`. */
export function switchedOn(
  scope: Construct,
  environment: EnvironmentName,
  key: typeof settings.enableXray | typeof settings.enableWaf,
): cdk.CfnCondition {
  const name = key === settings.enableXray ? 'XrayIsOn' : 'WafIsOn';
  return new cdk.CfnCondition(cdk.Stack.of(scope), name, {
    expression: cdk.Fn.conditionEquals(readParameter(scope, environment, key), 'true'),
  });
}

/** Leaves a value for other stacks, hooks and people. */
export function writeFact(
  scope: Construct,
  environment: EnvironmentName,
  key: (typeof facts)[keyof typeof facts],
  value: string,
): void {
  new ssm.StringParameter(scope, `Fact-${key.replace('/', '-')}`, {
    parameterName: parameterName(environment, key),
    stringValue: value,
  });
}
