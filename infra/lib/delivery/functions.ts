// The functions that look after a release: four hooks, the validator, and the reader of events. One program, six roles.

import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { operatorValues, readParameter } from '../parameters';
import { testPort } from '../service/load-balancer';
import { Arns } from './arns';
import { Artifacts } from './artifacts';
import { functionCode } from './function-code';
import { Purpose, rightsOf } from './function-rights';
import { addLogGroup } from './log-group';
import { hookSeconds } from './settings';
import { toLog } from './statements';
import { allow } from './wildcards';

/** Beyond its own time limit, for a function to report that it has passed. */
const graceSeconds = 60;

/** Enough for a whole processor's work on pictures; memory buys processor. */
const memoryMib = 1_769;

interface Role {
  readonly name: string;
  readonly seconds: number;
  /** Of an event that failed. A hook that is run again would report on a deployment that went on. */
  readonly retries: 0 | 2;
}

/** The six by what they are for. */
export function functionsOf(environment: Environment): Record<Purpose, Role> {
  const { hook, validator, eventReader } = namesOf(environment.name);
  return {
    'pre-traffic': { name: hook('PreTraffic'), seconds: hookSeconds.preTraffic, retries: 0 },
    'application-start': { name: hook('ApplicationStart'), seconds: hookSeconds.applicationStart, retries: 0 },
    'application-stop': { name: hook('ApplicationStop'), seconds: hookSeconds.applicationStop, retries: 0 },
    'validate-service': { name: hook('ValidateService'), seconds: hookSeconds.validateService, retries: 0 },
    'validate-deployment': { name: validator, seconds: hookSeconds.validateService, retries: 0 },
    events: { name: eventReader, seconds: 240, retries: 2 },
  };
}

export class Functions extends Construct {
  readonly eventReader: lambda.Function;
  private readonly logGroup: logs.LogGroup;
  private readonly lost: sqs.Queue;

  constructor(
    scope: Construct,
    id: string,
    private readonly environment: Environment,
    private readonly artifacts: Artifacts,
  ) {
    super(scope, id);
    this.logGroup = addLogGroup(this, environment, 'functions');
    this.lost = this.addQueue();
    const code = functionCode(this);
    const add = (purpose: Purpose) => this.addFunction(purpose, code);
    add('pre-traffic');
    add('application-start');
    add('application-stop');
    add('validate-service');
    add('validate-deployment');
    this.eventReader = add('events');
  }

  /** Calls that no function answered; an alarm watches it. */
  private addQueue(): sqs.Queue {
    const queue = new sqs.Queue(this, 'Lost', {
      queueName: namesOf(this.environment.name).lostEvents,
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: cdk.Duration.days(14),
    });
    cdk.Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue of the functions; people empty it.',
    });
    return queue;
  }

  private addFunction(purpose: Purpose, code: lambda.Code): lambda.Function {
    const { name, seconds, retries } = functionsOf(this.environment)[purpose];
    const address = `https://${readParameter(this, this.environment.name, operatorValues.domainName)}`;
    return new lambda.Function(this, purpose, {
      functionName: name,
      description: `A release of the photobooth in ${this.environment.name}: ${purpose}`,
      runtime: lambda.Runtime.PROVIDED_AL2023,
      architecture: lambda.Architecture.X86_64,
      handler: 'bootstrap',
      code,
      // Not to be added to by CDK, which would give more.
      role: this.addRole(purpose).withoutPolicyUpdates(),
      timeout: cdk.Duration.seconds(seconds + graceSeconds),
      memorySize: memoryMib,
      retryAttempts: retries,
      deadLetterQueue: this.lost,
      tracing: lambda.Tracing.ACTIVE,
      logGroup: this.logGroup,
      environment: {
        DELIVERY_FUNCTION: purpose,
        DELIVERY_ENVIRONMENT: this.environment.name,
        DELIVERY_ADDRESS: address,
        DELIVERY_TEST_ADDRESS: `${address}:${testPort}`,
        DELIVERY_BACKUP_BUCKET: this.artifacts.bucket.bucketName,
      },
    });
  }

  private addRole(purpose: Purpose): iam.Role {
    const role = new iam.Role(this, `Role-${purpose}`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `A release of the photobooth: ${purpose}`,
    });
    const arns = new Arns(this, this.environment.name);
    allow(role, [
      ...rightsOf(purpose, arns, this.artifacts),
      toLog(this.logGroup),
      new iam.PolicyStatement({ sid: 'Lost', actions: ['sqs:SendMessage'], resources: [this.lost.queueArn] }),
    ]);
    return role;
  }
}
