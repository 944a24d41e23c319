// The groups that builds and functions log to, kept for as long as log-retention-days says.

import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { Names, namesOf } from '../names';
import { readNumber, settings } from '../parameters';
import { removalPolicyOf } from '../retention';

export function addLogGroup(scope: Construct, environment: Environment, writer: keyof Names['deliveryLogs']): logs.LogGroup {
  return new logs.LogGroup(scope, 'Log', {
    logGroupName: namesOf(environment.name).deliveryLogs[writer],
    retention: readNumber(scope, environment.name, settings.logRetentionDays),
    removalPolicy: removalPolicyOf(environment),
  });
}
