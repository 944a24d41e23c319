// The program of all functions: built when the stack is synthesized to be deployed, a folder that is there for tests.

import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { join } from 'node:path';
import { Construct } from 'constructs';

const root = join(__dirname, '../../..');

/** Names a folder with a `bootstrap` in it, which is taken as it is. */
const contextKey = 'lambda-code';

/** Where it is built to: Cargo's own folder, which nobody commits. */
const built = join(root, 'target/delivery-function');

/** What lies where the program would while another stack is deployed. */
const standIn = join(root, 'infra/test/lambda-code');

export function functionCode(scope: Construct): lambda.Code {
  const given: unknown = scope.node.tryGetContext(contextKey);
  if (typeof given === 'string') {
    return lambda.Code.fromAsset(given);
  }
  // Every stack is synthesized, whichever is deployed; ECR's need not wait for a compiler.
  if (!cdk.Stack.of(scope).bundlingRequired) {
    return lambda.Code.fromAsset(standIn);
  }
  return lambda.Code.fromCustomCommand(built, ['cargo', 'xtask', 'release', 'bootstrap', built], {
    commandOptions: { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  });
}
