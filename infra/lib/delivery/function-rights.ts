// What each function may do, by what it is for: nothing that only another one needs.

import * as iam from 'aws-cdk-lib/aws-iam';
import { Arns } from './arns';
import { Artifacts, folders } from './artifacts';
import { toLook, toMeasure, toOpenTheTestListener, toReadMetrics } from './statements';

/** As DELIVERY_FUNCTION names them. */
export type Purpose =
  | 'pre-traffic'
  | 'application-start'
  | 'application-stop'
  | 'validate-service'
  | 'validate-deployment'
  | 'events';

export function rightsOf(purpose: Purpose, arns: Arns, artifacts: Artifacts): iam.PolicyStatement[] {
  const everybody = [...toLook(arns), toMeasure(), toTrace()];
  const hook = [...everybody, ...toReadDeployments(arns), toReport()];
  switch (purpose) {
    case 'pre-traffic':
      return [...hook, toOpenTheTestListener(arns)];
    case 'application-start':
      return hook;
    case 'application-stop':
      return [...hook, toBackUp(artifacts), artifacts.toEncrypt()];
    case 'validate-service':
      return [...hook, toReadMetrics()];
    case 'validate-deployment':
      return [...everybody, toReadMetrics(), toAnswerThePipeline()];
    case 'events':
      return [...everybody, ...toReadDeployments(arns), toReadThePipeline(arns)];
  }
}

function toTrace(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Traces',
    actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    resources: ['*'],
  });
}

/** Which service it is about, how far it is, and when each of its hooks ran. */
function toReadDeployments(arns: Arns): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'Deployment',
      actions: ['codedeploy:GetDeployment'],
      resources: arns.deploymentGroups,
    }),
    new iam.PolicyStatement({
      sid: 'DeploymentTargets',
      actions: ['codedeploy:GetDeploymentTarget', 'codedeploy:ListDeploymentTargets'],
      resources: ['*'],
    }),
  ];
}

function toReport(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Report',
    actions: ['codedeploy:PutLifecycleEventHookExecutionStatus'],
    resources: ['*'],
  });
}

function toAnswerThePipeline(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Answer',
    actions: ['codepipeline:PutJobFailureResult', 'codepipeline:PutJobSuccessResult'],
    resources: ['*'],
  });
}

function toReadThePipeline(arns: Arns): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Pipeline',
    actions: ['codepipeline:ListActionExecutions'],
    resources: [arns.pipeline],
  });
}

function toBackUp(artifacts: Artifacts): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Backup',
    actions: ['s3:PutObject'],
    resources: [artifacts.objects(folders.backups)],
  });
}
