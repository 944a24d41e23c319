// The frontend: the page's files from a small server on Fargate, swapped blue/green behind the load balancer.

import * as cdk from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { firstImageTag, frontendContainer } from '../containers';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { facts, writeFact } from '../parameters';
import { Cluster } from './cluster';
import { LoadBalancer } from './load-balancer';
import { LogGroups } from './log-groups';
import { Network } from './network';
import { registryLogin } from './registry-login';
import { Storage } from './storage';

export interface FrontendProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly loadBalancer: LoadBalancer;
  readonly cluster: Cluster;
  readonly storage: Storage;
  readonly logGroups: LogGroups;
}

export class Frontend extends Construct {
  readonly service: ecs.FargateService;

  constructor(scope: Construct, id: string, props: FrontendProps) {
    super(scope, id);
    const task = this.addTask(props);
    this.service = this.addService(task, props);
    this.followLoad(props.environment);
  }

  private addTask({ environment, storage, logGroups }: FrontendProps): ecs.FargateTaskDefinition {
    const names = namesOf(environment.name);
    const task = new ecs.FargateTaskDefinition(this, 'Task', {
      family: names.frontend.taskFamily,
      // The smallest that there is: files from memory.
      cpu: 256,
      memoryLimitMiB: 512,
      runtimePlatform: {
        cpuArchitecture: ecs.CpuArchitecture.X86_64,
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
    });
    const repository = ecr.Repository.fromRepositoryName(this, 'Repository', names.repositories.frontend);
    task.addContainer(frontendContainer.name, {
      containerName: frontendContainer.name,
      image: ecs.ContainerImage.fromEcrRepository(repository, firstImageTag),
      user: frontendContainer.user,
      readonlyRootFilesystem: true,
      environment: {
        [frontendContainer.storageOriginVariable]: storage.origin,
        [frontendContainer.schemeVariable]: 'https',
      },
      portMappings: [{ containerPort: frontendContainer.port, protocol: ecs.Protocol.TCP }],
      stopTimeout: cdk.Duration.seconds(30),
      logging: ecs.LogDriver.awsLogs({
        logGroup: logGroups.frontend,
        streamPrefix: frontendContainer.name,
        mode: ecs.AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: cdk.Size.mebibytes(4),
      }),
    });
    writeFact(this, environment.name, facts.frontendTaskRole, task.taskRole.roleArn);
    writeFact(this, environment.name, facts.frontendExecutionRole, task.obtainExecutionRole().roleArn);
    cdk.Validations.of(task).acknowledge(
      { id: 'AwsSolutions-ECS2', reason: 'The variables are the public address of the bucket and the scheme.' },
      registryLogin,
    );
    return task;
  }

  private addService(task: ecs.FargateTaskDefinition, props: FrontendProps): ecs.FargateService {
    const { environment, network, loadBalancer, cluster } = props;
    const service = new ecs.FargateService(this, 'Service', {
      serviceName: namesOf(environment.name).frontend.service,
      cluster: cluster.cluster,
      taskDefinition: task,
      deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY },
      // By the name that the appspec releases it with.
      capacityProviderStrategies: [{ capacityProvider: 'FARGATE', base: 0, weight: 1 }],
      desiredCount: environment.frontend.minTasks,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      healthCheckGracePeriod: cdk.Duration.minutes(1),
      availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.DISABLED,
      platformVersion: ecs.FargatePlatformVersion.VERSION1_4,
      assignPublicIp: false,
      vpcSubnets: network.taskSubnets,
      securityGroups: [network.frontendGroup],
      enableECSManagedTags: true,
      propagateTags: ecs.PropagatedTagSource.SERVICE,
    });
    service.attachToApplicationTargetGroup(loadBalancer.frontend.blue);
    service.node.addDependency(loadBalancer.production, ...network.endpoints);
    cluster.supply(service);
    return service;
  }

  private followLoad(environment: Environment): void {
    const { minTasks, maxTasks } = environment.frontend;
    const tasks = this.service.autoScaleTaskCount({ minCapacity: minTasks, maxCapacity: maxTasks });
    tasks.scaleOnCpuUtilization('Cpu', {
      targetUtilizationPercent: 60,
      scaleInCooldown: cdk.Duration.minutes(5),
      scaleOutCooldown: cdk.Duration.minutes(1),
    });
  }
}
