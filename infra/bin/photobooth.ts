// The CDK app: the stacks of the one environment that `--context environment=...` names.

import * as cdk from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { buildStacks } from '../lib/stacks';
import { environmentNamed } from '../lib/environments';

const app = new cdk.App();
try {
  buildStacks(app, environmentNamed(app.node.tryGetContext('environment')));
  cdk.Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
