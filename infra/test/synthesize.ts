// Synthesizes every environment offline, as the command line would, into cdk.out/<environment>, and fails on findings.

import * as cdk from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { allEnvironments, Environment, environmentNamed } from '../lib/environments';
import { buildStacks } from '../lib/stacks';
import { output } from './templates';

/** The flags that the command line reads and hands to the app. */
const { context } = JSON.parse(readFileSync(join(__dirname, '../cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};

/** In place of the functions' program, which takes minutes to compile and changes no template. */
const standIn = { 'lambda-code': join(__dirname, 'lambda-code') };

function synthesize(environment: Environment, folder: string, further: Record<string, string> = {}): void {
  rmSync(folder, { recursive: true, force: true });
  const app = new cdk.App({ outdir: folder, context: { ...context, ...standIn, ...further }, analyticsReporting: false });
  buildStacks(app, environment);
  cdk.Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

/** What the checks must find, or their silence about ours means nothing. */
function synthesizeCarelessly(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const app = new cdk.App({ outdir: folder, context, analyticsReporting: false });
  new s3.Bucket(new cdk.Stack(app, 'Careless'), 'Open');
  cdk.Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  let isFine = true;
  try {
    console.log('What follows, up to the end of the careless stack, is found on purpose.');
    app.synth();
  } catch {
    isFine = false;
    console.log('The end of the careless stack.');
  }
  if (isFine) {
    throw new Error('cdk-nag found nothing in a careless stack');
  }
}

synthesizeCarelessly(join(output, 'careless'));
for (const environment of allEnvironments) {
  synthesize(environment, join(output, environment.name));
}
// As somebody deploys whose account has no connection to GitHub.
synthesize(environmentNamed('staging'), join(output, 'oauth'), { source: 'oauth' });
// Once more, for the test that the same sources give the same templates.
synthesize(allEnvironments[0] as Environment, join(output, 'again'));
