// X-Ray keeps every trace of a release: there are few of them, and each is looked at.

import * as xray from 'aws-cdk-lib/aws-xray';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';

export function addSampling(scope: Construct, environment: Environment): void {
  const { pipeline } = namesOf(environment.name);
  new xray.CfnSamplingRule(scope, 'Sampling', {
    samplingRule: {
      ruleName: pipeline,
      // Before the rule that AWS has for everything else.
      priority: 100,
      version: 1,
      // The pipeline's trace is written under this name.
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
