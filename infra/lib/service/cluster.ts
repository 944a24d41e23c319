// The cluster, and the group of GPU machines that grows and shrinks with its backend tasks.

import * as cdk from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { machineRole } from './machine-role';
import { Network } from './network';

/** CUDA, the models and two releases of the image. */
const diskGib = 60;

export interface ClusterProps {
  readonly environment: Environment;
  readonly network: Network;
}

export class Cluster extends Construct {
  readonly cluster: ecs.Cluster;
  readonly gpuProvider: ecs.AsgCapacityProvider;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const names = namesOf(props.environment.name);
    this.cluster = new ecs.Cluster(this, 'Cluster', {
      clusterName: names.cluster,
      vpc: props.network.vpc,
      containerInsightsV2: ecs.ContainerInsights.ENHANCED,
      enableFargateCapacityProviders: true,
    });
    this.gpuProvider = new ecs.AsgCapacityProvider(this, 'Provider', {
      capacityProviderName: names.capacityProvider,
      autoScalingGroup: this.addGroup(props),
      // The image is Amazon Linux 2023, which CDK sets up in the same way and has no word of its own for.
      machineImageType: ecs.MachineImageType.AMAZON_LINUX_2,
      enableManagedScaling: true,
      // A machine that makes a portrait is not taken away.
      enableManagedTerminationProtection: true,
      enableManagedDraining: true,
      targetCapacityPercent: 100,
      maximumScalingStepSize: 4,
      // The driver is there when the agent reports; models are the task's concern.
      instanceWarmupPeriod: 120,
    });
    this.cluster.addAsgCapacityProvider(this.gpuProvider, {
      spotInstanceDraining: props.environment.gpu.spot,
    });
  }

  /** Has a service made after the cluster is given its providers, and deleted before it loses them: ECS refuses it otherwise. */
  supply(service: ecs.BaseService): void {
    cdk.Aspects.of(this.cluster).add({
      visit: (node) => {
        // CDK adds it while it synthesizes, and knows of no service that needs it.
        if (node instanceof ecs.CfnClusterCapacityProviderAssociations) {
          service.node.addDependency(node);
        }
      },
    });
  }

  private addGroup({ environment, network }: ClusterProps): autoscaling.AutoScalingGroup {
    const group = new autoscaling.AutoScalingGroup(this, 'Machines', {
      autoScalingGroupName: namesOf(environment.name).gpuGroup,
      vpc: network.vpc,
      vpcSubnets: network.taskSubnets,
      minCapacity: 0,
      // While a release is swapped, blue and green each hold a GPU a task.
      maxCapacity: 2 * environment.backend.maxTasks,
      newInstancesProtectedFromScaleIn: true,
      groupMetrics: [autoscaling.GroupMetrics.all()],
      mixedInstancesPolicy: {
        instancesDistribution: {
          onDemandBaseCapacity: 0,
          onDemandPercentageAboveBaseCapacity: environment.gpu.spot ? 0 : 100,
          onDemandAllocationStrategy: autoscaling.OnDemandAllocationStrategy.PRIORITIZED,
          spotAllocationStrategy: autoscaling.SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED,
        },
        launchTemplate: this.addTemplate(environment, network),
        launchTemplateOverrides: environment.gpu.instanceTypes.map((type) => ({
          instanceType: new ec2.InstanceType(type),
        })),
      },
    });
    cdk.Validations.of(group).acknowledge(
      {
        id: 'AwsSolutions-AS3',
        reason: 'Machines come and go with the tasks, which have alarms of their own; a mail for each would be noise.',
      },
      {
        id: 'AwsSolutions-EC26',
        reason: 'The rule cannot read a policy of mixed machines; the disk in the launch template is encrypted.',
      },
    );
    return group;
  }

  private addTemplate(environment: Environment, network: Network): ec2.LaunchTemplate {
    const { cluster: name } = namesOf(environment.name);
    const userData = ec2.UserData.forLinux();
    userData.addCommands(
      // Tasks have roles of their own and must not take the machine's.
      'echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config',
      'echo ECS_ENABLE_GPU_SUPPORT=true >> /etc/ecs/ecs.config',
      // Gigabytes, under tags that never change.
      'echo ECS_IMAGE_PULL_BEHAVIOR=prefer-cached >> /etc/ecs/ecs.config',
    );
    return new ec2.LaunchTemplate(this, 'Template', {
      instanceType: new ec2.InstanceType(environment.gpu.instanceTypes[0]),
      // The newest one at each deployment; running machines stay as they are.
      machineImage: ecs.EcsOptimizedImage.amazonLinux2023(ecs.AmiHardwareType.GPU),
      securityGroup: network.machineGroup,
      // Not to be added to by the provider, which would give more and more widely.
      role: machineRole(this, { name, arn: this.cluster.clusterArn }).withoutPolicyUpdates(),
      userData,
      requireImdsv2: true,
      httpPutResponseHopLimit: 1,
      detailedMonitoring: environment.isKept,
      associatePublicIpAddress: false,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: ec2.BlockDeviceVolume.ebs(diskGib, {
            encrypted: true,
            volumeType: ec2.EbsDeviceVolumeType.GP3,
            deleteOnTermination: true,
          }),
        },
      ],
    });
  }
}
