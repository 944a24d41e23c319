// What each build may do, beyond reading its source and writing its artifacts.

import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Arns, Part } from './arns';
import { Artifacts } from './artifacts';
import { toLog, toLook, toReadMetrics } from './statements';

/** The files in buildspecs/. */
export type Build = 'frontend' | 'backend' | 'infra' | 'validate' | 'integration';

export function rightsOfBuild(build: Build, arns: Arns, artifacts: Artifacts, group: logs.LogGroup): iam.PolicyStatement[] {
  const everybody = [toLog(group), ...artifacts.useByBuild(build), toReportTests(build, arns)];
  switch (build) {
    case 'backend':
    case 'frontend':
      return [...everybody, ...toPushImages(build, arns), toReadTaskDefinitions()];
    case 'validate':
      return [...everybody, ...toLook(arns), toReadMetrics()];
    // One needs no account, the other comes as guests do.
    case 'infra':
    case 'integration':
      return everybody;
  }
}

function toReportTests(build: Build, arns: Arns): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Reports',
    actions: [
      'codebuild:BatchPutTestCases',
      'codebuild:CreateReport',
      'codebuild:CreateReportGroup',
      'codebuild:UpdateReport',
    ],
    resources: [arns.reports(build)],
  });
}

function toPushImages(part: Part, arns: Arns): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'Image',
      actions: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:GetDownloadUrlForLayer',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
      resources: [arns.repository(part)],
    }),
    new iam.PolicyStatement({ sid: 'RegistryLogin', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
  ];
}

/** What a release is rendered from: the newest revision, be it the stack's or, as mostly, that of the release before. */
function toReadTaskDefinitions(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'TaskDefinitions',
    actions: ['ecs:DescribeTaskDefinition'],
    resources: ['*'],
  });
}
