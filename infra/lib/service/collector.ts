// The collector beside the backend: takes traces over OTLP and hands them to X-Ray, where features/enable-xray is on.

import * as cdk from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { collectorContainer } from '../containers';

const memoryMib = 256;

/** In YAML, as the collector's image takes it from its environment. */
const configuration = `receivers:
  otlp:
    protocols:
      http:
        endpoint: 127.0.0.1:4318
processors:
  memory_limiter:
    check_interval: 1s
    limit_mib: 180
  batch:
    timeout: 5s
exporters:
  awsxray:
    index_all_attributes: false
extensions:
  health_check:
    endpoint: 127.0.0.1:13133
service:
  extensions: [health_check]
  pipelines:
    traces:
      receivers: [otlp]
      processors: [memory_limiter, batch]
      exporters: [awsxray]
`;

export interface CollectorProps {
  readonly isOn: cdk.CfnCondition;
  readonly repository: ecr.IRepository;
  readonly logGroup: logs.ILogGroup;
}

/** Adds the sidecar to a task that has one container so far. */
export function addCollector(task: ecs.TaskDefinition, props: CollectorProps): void {
  const resource = task.node.defaultChild as ecs.CfnTaskDefinition;
  // CDK's own containers are there or are not; this one is decided when the stack is deployed.
  resource.addPropertyOverride('ContainerDefinitions.1', {
    'Fn::If': [props.isOn.logicalId, definition(props), { Ref: 'AWS::NoValue' }],
  });
  props.repository.grantPull(task.obtainExecutionRole());
  props.logGroup.grantWrite(task.obtainExecutionRole());
  task.addToTaskRolePolicy(
    new iam.PolicyStatement({
      sid: 'Traces',
      // X-Ray knows no resources that these could be limited to.
      actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      resources: ['*'],
    }),
  );
}

function definition({ repository, logGroup }: CollectorProps): object {
  return {
    Name: collectorContainer.name,
    Image: repository.repositoryUriForTag(collectorContainer.tag),
    // Without it guests still get their portraits.
    Essential: false,
    Cpu: 64,
    Memory: memoryMib,
    ReadonlyRootFilesystem: true,
    Environment: [
      { Name: 'AOT_CONFIG_CONTENT', Value: configuration },
      // On a machine of ours nothing else tells it.
      { Name: 'AWS_REGION', Value: cdk.Aws.REGION },
    ],
    HealthCheck: { Command: [...collectorContainer.healthCommand], Interval: 30, Timeout: 5, Retries: 3 },
    LogConfiguration: {
      LogDriver: 'awslogs',
      Options: {
        'awslogs-group': logGroup.logGroupName,
        'awslogs-region': cdk.Aws.REGION,
        'awslogs-stream-prefix': collectorContainer.name,
      },
    },
  };
}
