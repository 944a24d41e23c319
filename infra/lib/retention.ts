// What becomes of data and logs when their stack goes.

import * as cdk from 'aws-cdk-lib';
import { Environment } from './environments';

/** Where things are kept they outlive their stack, unless it failed to be made: names would be taken the next time. */
export function removalPolicyOf(environment: Environment): cdk.RemovalPolicy {
  return environment.isKept ? cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : cdk.RemovalPolicy.DESTROY;
}
