// All stacks of an environment, in the order in which they are deployed.

import * as cdk from 'aws-cdk-lib';
import { CicdStack } from './cicd-stack';
import { EcrStack } from './ecr-stack';
import { Environment } from './environments';
import { MonitoringStack } from './monitoring-stack';
import { namesOf } from './names';
import { PhotoboothStack } from './photobooth-stack';

/** Tags by which costs are told apart; they must be activated once as cost allocation tags. */
export const costTags = { project: 'ai-photobooth', key: 'Environment' } as const;

export function buildStacks(app: cdk.App, environment: Environment): void {
  const names = namesOf(environment.name);
  // No account and no region: the same templates for whoever deploys them, and no lookups.
  const synthesizer = () => new cdk.DefaultStackSynthesizer({ generateBootstrapVersionRule: false });
  new EcrStack(app, names.stacks.ecr, {
    environment,
    description: 'The photobooth: image repositories, settings and secrets that come before the services',
    synthesizer: synthesizer(),
  });
  new PhotoboothStack(app, names.stacks.photobooth, {
    environment,
    description: 'The photobooth: network, load balancer, services, database and storage',
    synthesizer: synthesizer(),
    terminationProtection: environment.isKept,
  });
  new MonitoringStack(app, names.stacks.monitoring, {
    environment,
    description: 'The photobooth: dashboard, alarms, saved queries and budget',
    synthesizer: synthesizer(),
  });
  new CicdStack(app, names.stacks.cicd, {
    environment,
    description: 'The photobooth: pipeline, builds, blue/green deployments and their hooks',
    synthesizer: synthesizer(),
  });
  cdk.Tags.of(app).add('Project', costTags.project);
  cdk.Tags.of(app).add(costTags.key, environment.name);
}
