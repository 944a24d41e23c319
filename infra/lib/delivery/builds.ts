// CodeBuild: a project for each file in buildspecs/, as large as its work and no larger.

import * as cdk from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { operatorValues, readParameter } from '../parameters';
import { Arns, parts } from './arns';
import { Artifacts, folders } from './artifacts';
import { Build, rightsOfBuild } from './build-rights';
import { addLogGroup } from './log-group';
import { trusted } from './trust';
import { allow } from './wildcards';

/** Ubuntu with Docker, rustup, Node and Python; xtask brings what else it needs from Ubuntu's packages. */
const image = 'aws/codebuild/standard:8.0';

interface Size {
  readonly computeType: 'BUILD_GENERAL1_SMALL' | 'BUILD_GENERAL1_MEDIUM' | 'BUILD_GENERAL1_LARGE';
  readonly minutes: number;
}

/** Large: 8 processors, 16 GB and 128 GB of disk. Medium: 4, 8 and 64 (gross). Small: 2, 4 and 64. */
const sizes: Record<Build, Size> = {
  // CUDA's image and what is built on it do not fit beside each other on less.
  backend: { computeType: 'BUILD_GENERAL1_LARGE', minutes: 120 },
  frontend: { computeType: 'BUILD_GENERAL1_MEDIUM', minutes: 60 },
  infra: { computeType: 'BUILD_GENERAL1_SMALL', minutes: 30 },
  // Compiles the AWS SDK.
  validate: { computeType: 'BUILD_GENERAL1_MEDIUM', minutes: 40 },
  // Guests cost little; the booth makes the portraits.
  integration: { computeType: 'BUILD_GENERAL1_SMALL', minutes: 60 },
};

export const builds = Object.keys(sizes) as Build[];

export class Builds extends Construct {
  private readonly logGroup: logs.LogGroup;

  constructor(
    scope: Construct,
    id: string,
    private readonly environment: Environment,
    private readonly artifacts: Artifacts,
  ) {
    super(scope, id);
    this.logGroup = addLogGroup(this, environment, 'builds');
    for (const build of builds) {
      this.addProject(build);
    }
  }

  private addProject(build: Build): void {
    const buildsImage = parts.some((part) => part === build);
    const project = new codebuild.CfnProject(this, build, {
      name: namesOf(this.environment.name).build(build),
      description: `The photobooth in ${this.environment.name}: buildspecs/${build}.yml`,
      serviceRole: this.addRole(build).roleArn,
      source: { type: 'CODEPIPELINE', buildSpec: `buildspecs/${build}.yml` },
      artifacts: { type: 'CODEPIPELINE', packaging: 'ZIP' },
      encryptionKey: this.artifacts.key.keyArn,
      environment: {
        type: 'LINUX_CONTAINER',
        image,
        computeType: sizes[build].computeType,
        privilegedMode: buildsImage,
        environmentVariables: this.variables(build),
      },
      cache: this.cache(build, buildsImage),
      logsConfig: {
        cloudWatchLogs: { status: 'ENABLED', groupName: this.logGroup.logGroupName, streamName: build },
      },
      timeoutInMinutes: sizes[build].minutes,
      queuedTimeoutInMinutes: 60,
    });
    if (buildsImage) {
      cdk.Validations.of(project).acknowledge({
        id: 'AwsSolutions-CB3',
        reason: 'Docker builds the image, and needs it; what is built are our own sources.',
      });
    }
  }

  /** What the buildspecs are told. Names that begin with PHOTOBOOTH_ are the backend's. */
  private variables(build: Build): { name: string; value: string }[] {
    const { name } = this.environment;
    const variables: Record<string, string> = { ENVIRONMENT: name };
    if (build === 'backend' || build === 'frontend') {
      const repository = namesOf(name).repositories[build];
      variables['REPOSITORY_URI'] = `${cdk.Aws.ACCOUNT_ID}.dkr.ecr.${cdk.Aws.REGION}.${cdk.Aws.URL_SUFFIX}/${repository}`;
    }
    if (build === 'integration') {
      variables['ADDRESS'] = `https://${readParameter(this, name, operatorValues.domainName)}`;
      // Guests of prod are not to share the booth with a quarter of an hour of pretended ones.
      variables['LOAD_PROFILE'] = this.environment.isKept ? 'short' : 'full';
    }
    return Object.entries(variables).map(([key, value]) => ({ name: key, value }));
  }

  /** A project has one kind of cache: layers of images stay on the machine, everything else goes through S3. */
  private cache(build: Build, buildsImage: boolean): codebuild.CfnProject.ProjectCacheProperty {
    return buildsImage
      ? { type: 'LOCAL', modes: ['LOCAL_DOCKER_LAYER_CACHE', 'LOCAL_CUSTOM_CACHE'] }
      : { type: 'S3', location: `${this.artifacts.bucket.bucketName}/${folders.caches}/${build}` };
  }

  private addRole(build: Build): iam.Role {
    const role = new iam.Role(this, `Role-${build}`, {
      assumedBy: trusted('codebuild'),
      description: `Builds the photobooth: buildspecs/${build}.yml`,
    });
    const arns = new Arns(this, this.environment.name);
    allow(role, rightsOfBuild(build, arns, this.artifacts, this.logGroup));
    return role;
  }
}
