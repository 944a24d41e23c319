// The backend: API and workers in one task on a GPU, swapped blue/green behind the load balancer.

import * as cdk from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { backendContainer, firstImageTag } from '../containers';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { facts, settings, switchedOn, writeFact } from '../parameters';
import { injectedSettings, plainSettings } from './backend-settings';
import { Cluster } from './cluster';
import { addCollector } from './collector';
import { Database } from './database';
import { LoadBalancer } from './load-balancer';
import { LogGroups } from './log-groups';
import { Network } from './network';
import { registryLogin } from './registry-login';
import { Storage } from './storage';

/** Nearly all of the smallest machine: what is left is the agent's and the collector's. */
const size = { cpu: 3_584, memoryMib: 12_288 };

/** A portrait at hand, its guest coming for it, and the connections. */
const stopTimeout = cdk.Duration.seconds(120);

export interface BackendProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly loadBalancer: LoadBalancer;
  readonly cluster: Cluster;
  readonly database: Database;
  readonly storage: Storage;
  readonly logGroups: LogGroups;
}

export class Backend extends Construct {
  readonly service: ecs.Ec2Service;
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: BackendProps) {
    super(scope, id);
    this.role = this.addRole(props);
    const task = this.addTask(props);
    this.service = this.addService(task, props);
  }

  private addRole({ environment, storage }: BackendProps): iam.Role {
    const { cluster } = namesOf(environment.name);
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': cdk.Aws.ACCOUNT_ID } },
      }),
      description: 'The photobooth backend at work',
    });
    storage.grantToBackend(role);
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'Metrics',
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': 'AI-Photobooth' } },
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'NoScaleInWhileRendering',
        actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
        resources: [
          cdk.Stack.of(this).formatArn({
            service: 'ecs',
            resource: 'task',
            resourceName: `${cluster}/*`,
          }),
        ],
      }),
    );
    cdk.Validations.of(role).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'PutMetricData and PutTraceSegments know no resources; the metrics are limited to our namespace.',
      },
      {
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:task/${cluster}/*]`,
        reason: 'A task that protects itself has a random name; it is limited to the tasks of its cluster.',
      },
    );
    return role;
  }

  private addTask(props: BackendProps): ecs.Ec2TaskDefinition {
    const { environment, logGroups } = props;
    const { repositories, backend } = namesOf(environment.name);
    const task = new ecs.Ec2TaskDefinition(this, 'Task', {
      family: backend.taskFamily,
      networkMode: ecs.NetworkMode.AWS_VPC,
      taskRole: this.role,
    });
    const repository = ecr.Repository.fromRepositoryName(this, 'Repository', repositories.backend);
    const container = task.addContainer(backendContainer.name, {
      containerName: backendContainer.name,
      image: ecs.ContainerImage.fromEcrRepository(repository, firstImageTag),
      command: [...backendContainer.command],
      ...size,
      memoryLimitMiB: size.memoryMib,
      gpuCount: 1,
      user: backendContainer.user,
      readonlyRootFilesystem: true,
      linuxParameters: this.scratch(),
      environment: plainSettings(props),
      secrets: injectedSettings(this, props.environment.name, props.database),
      portMappings: [{ containerPort: backendContainer.port, protocol: ecs.Protocol.TCP }],
      healthCheck: {
        command: [...backendContainer.healthCommand],
        interval: cdk.Duration.seconds(15),
        timeout: cdk.Duration.seconds(5),
        retries: 4,
        startPeriod: cdk.Duration.seconds(60),
      },
      stopTimeout,
      logging: ecs.LogDriver.awsLogs({
        logGroup: logGroups.backend,
        streamPrefix: backendContainer.name,
        // A log that is not taken must not hold up a request.
        mode: ecs.AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: cdk.Size.mebibytes(16),
      }),
    });
    container.addUlimits({ name: ecs.UlimitName.NOFILE, softLimit: 65_536, hardLimit: 65_536 });
    addCollector(task, {
      isOn: switchedOn(this, environment.name, settings.enableXray),
      repository: ecr.Repository.fromRepositoryName(this, 'CollectorRepository', repositories.collector),
      logGroup: logGroups.collector,
    });
    // Who registers the next revision must be allowed to hand these on, and these alone.
    writeFact(this, environment.name, facts.backendTaskRole, this.role.roleArn);
    writeFact(this, environment.name, facts.backendExecutionRole, task.obtainExecutionRole().roleArn);
    cdk.Validations.of(task).acknowledge(
      {
        id: 'AwsSolutions-ECS2',
        reason: 'The variables are no secrets: where things are and what is allowed. The password is injected.',
      },
      registryLogin,
    );
    return task;
  }

  private scratch(): ecs.LinuxParameters {
    const parameters = new ecs.LinuxParameters(this, 'Scratch', { initProcessEnabled: true });
    parameters.addTmpfs({
      containerPath: backendContainer.scratchFolder,
      size: 512,
      mountOptions: [ecs.TmpfsMountOption.RW, ecs.TmpfsMountOption.NOSUID, ecs.TmpfsMountOption.NODEV],
    });
    return parameters;
  }

  private addService(task: ecs.Ec2TaskDefinition, props: BackendProps): ecs.Ec2Service {
    const { environment, network, loadBalancer, cluster, database } = props;
    const service = new ecs.Ec2Service(this, 'Service', {
      serviceName: namesOf(environment.name).backend.service,
      cluster: cluster.cluster,
      taskDefinition: task,
      deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY },
      // The appspec must name the same provider, or a deployment takes it away.
      capacityProviderStrategies: [{ capacityProvider: cluster.gpuProvider.capacityProviderName, base: 0, weight: 1 }],
      // To begin with; from then on the scaling decides.
      desiredCount: environment.backend.minTasks,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      // A machine that boots, an image of gigabytes, models that warm up.
      healthCheckGracePeriod: cdk.Duration.minutes(10),
      availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.DISABLED,
      placementStrategies: [ecs.PlacementStrategy.spreadAcross('attribute:ecs.availability-zone')],
      vpcSubnets: network.taskSubnets,
      securityGroups: [network.backendGroup],
      enableECSManagedTags: true,
      propagateTags: ecs.PropagatedTagSource.SERVICE,
    });
    service.attachToApplicationTargetGroup(loadBalancer.backend.blue);
    // Without the rule its target group is on no listener, and ECS refuses the service.
    service.node.addDependency(loadBalancer.production);
    // Without its database a task ends, without the endpoints it never starts, and ECS tries ever more seldom. When all is
    // taken down, machines that hear nothing of it would end no task.
    service.node.addDependency(database, ...network.endpoints);
    cluster.supply(service);
    return service;
  }
}
