// X-Ray's rule for who asks it whether to trace a release: always, for there are few of them, and each is looked at.

import * as xray from 'aws-cdk-lib/aws-xray';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';

/**
 * Programs that trace by the SDKs of X-Ray or OpenTelemetry ask for such rules. Nobody does so under this name yet: the
 * reader of events writes the pipeline's trace by PutTraceSegments, which keeps whatever it is sent, and Lambda traces our
 * functions at a rate of its own. A program that began to ask would else get AWS's rule: one a second, and one in twenty more.
 */
export function addSampling(scope: Construct, environment: Environment): void {
  const { pipeline } = namesOf(environment.name);
  new xray.CfnSamplingRule(scope, 'Sampling', {
    samplingRule: {
      ruleName: pipeline,
      // Before the rule that AWS has for everything else.
      priority: 100,
      version: 1,
      // The pipeline's trace has this name.
      serviceName: pipeline,
      serviceType: '*',
      resourceArn: '*',
      host: '*',
      httpMethod: '*',
      urlPath: '*',
      fixedRate: 1,
      reservoirSize: 1,
    },
  });
}
