// The groups that everything logs to, kept for as long as log-retention-days says.

import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { Names, namesOf } from '../names';
import { readNumber, settings } from '../parameters';
import { removalPolicyOf } from '../retention';

type Writer = keyof Names['logs'];

export class LogGroups extends Construct {
  readonly backend: logs.LogGroup;
  readonly frontend: logs.LogGroup;
  readonly collector: logs.LogGroup;
  readonly database: logs.LogGroup;
  readonly flow: logs.LogGroup;
  readonly firewall: logs.LogGroup;

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const group = (writer: Writer) => this.group(writer, environment);
    this.backend = group('backend');
    this.frontend = group('frontend');
    this.collector = group('collector');
    this.database = group('database');
    this.flow = group('flow');
    this.firewall = group('firewall');
  }

  private group(writer: Writer, environment: Environment): logs.LogGroup {
    return new logs.LogGroup(this, writer, {
      logGroupName: namesOf(environment.name).logs[writer],
      retention: readNumber(this, environment.name, settings.logRetentionDays),
      removalPolicy: removalPolicyOf(environment),
    });
  }
}
