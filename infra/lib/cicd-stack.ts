// PhotoboothCicd: how a release reaches guests: pipeline, builds, blue/green deployments, and the functions that watch them.

import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Artifacts } from './delivery/artifacts';
import { Builds } from './delivery/builds';
import { DeploymentGroups } from './delivery/deployment-groups';
import { Functions } from './delivery/functions';
import { addNotices } from './delivery/notices';
import { Pipeline } from './delivery/pipeline';
import { addSampling } from './delivery/tracing';
import { EnvironmentProps } from './ecr-stack';

export class CicdStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);
    const { environment } = props;
    const artifacts = new Artifacts(this, 'Artifacts', environment);
    const functions = new Functions(this, 'Functions', environment, artifacts);
    const builds = new Builds(this, 'Builds', environment, artifacts);
    const groups = new DeploymentGroups(this, 'Deployments', environment, artifacts);
    groups.node.addDependency(functions);
    const pipeline = new Pipeline(this, 'Pipeline', environment, artifacts);
    pipeline.node.addDependency(functions, builds, groups);
    addNotices(this, environment, functions.eventReader);
    addSampling(this, environment);
  }
}
