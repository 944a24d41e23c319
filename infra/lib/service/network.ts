// The network: the load balancer in public subnets, everything else in subnets without a way to the internet.

import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IDependable } from 'constructs';
import { Environment } from '../environments';
import { LogGroups } from './log-groups';

/** AWS services that tasks, their hosts and the rotation of the password talk to. */
const interfaceServices = {
  EcrApi: ec2.InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Ssm: ec2.InterfaceVpcEndpointAwsService.SSM,
  SecretsManager: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  CloudWatch: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
  Xray: ec2.InterfaceVpcEndpointAwsService.XRAY,
  // The GPU machines' agent needs all three.
  Ecs: ec2.InterfaceVpcEndpointAwsService.ECS,
  EcsAgent: ec2.InterfaceVpcEndpointAwsService.ECS_AGENT,
  EcsTelemetry: ec2.InterfaceVpcEndpointAwsService.ECS_TELEMETRY,
};

export interface NetworkProps {
  readonly environment: Environment;
  readonly logGroups: LogGroups;
}

export class Network extends Construct {
  readonly vpc: ec2.Vpc;
  readonly loadBalancerGroup: ec2.SecurityGroup;
  readonly backendGroup: ec2.SecurityGroup;
  readonly frontendGroup: ec2.SecurityGroup;
  readonly machineGroup: ec2.SecurityGroup;
  /** All that tasks and machines reach AWS by: the endpoints, and the rules that let them. */
  readonly endpoints: readonly IDependable[];
  private readonly endpointGroup: ec2.SecurityGroup;
  private readonly storageEndpoint: ec2.GatewayVpcEndpoint;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { network } = props.environment;
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(network.cidr),
      maxAzs: network.zones,
      natGateways: 0,
      // Nothing uses it, and emptying it takes a Lambda function.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'tasks', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 20 },
        { name: 'data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
    });
    this.vpc.addFlowLog('Flow', {
      destination: ec2.FlowLogDestination.toCloudWatchLogs(props.logGroups.flow),
      trafficType: ec2.FlowLogTrafficType.REJECT,
    });
    this.loadBalancerGroup = this.securityGroup('LoadBalancer', 'Load balancer: guests come in');
    cdk.Validations.of(this.loadBalancerGroup).acknowledge({
      id: 'AwsSolutions-EC23',
      reason: 'It is the door: guests come from anywhere. The test port answers 403 to who does not know its header.',
    });
    this.backendGroup = this.securityGroup('Backend', 'Backend tasks');
    this.frontendGroup = this.securityGroup('Frontend', 'Frontend tasks');
    this.machineGroup = this.securityGroup('Machine', 'GPU machines: they only ask');
    this.endpointGroup = this.securityGroup('Endpoint', 'Endpoints of AWS services');
    for (const caller of [this.backendGroup, this.frontendGroup, this.machineGroup]) {
      this.allowServices(caller);
    }
    this.storageEndpoint = this.vpc.addGatewayEndpoint('S3', {
      service: ec2.GatewayVpcEndpointAwsService.S3,
      subnets: [{ subnetGroupName: 'tasks' }],
    });
    this.endpoints = [this.endpointGroup, this.storageEndpoint, ...this.addInterfaceEndpoints(network.endpointZones)];
  }

  /** Where tasks and machines stand. */
  get taskSubnets(): ec2.SubnetSelection {
    return { subnetGroupName: 'tasks' };
  }

  get dataSubnets(): ec2.SubnetSelection {
    return { subnetGroupName: 'data' };
  }

  /** Lets these ask AWS services. */
  allowServices(caller: ec2.SecurityGroup): void {
    this.endpointGroup.addIngressRule(caller, ec2.Port.tcp(443), 'AWS services');
    // To the endpoints and, by the gateway, to S3; the subnets have no route to anywhere else.
    caller.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'AWS services');
  }

  /** Lets tasks reach this bucket and the registry's layers, and nobody else's: a photo cannot be carried off. */
  limitStorageTo(bucketArn: string): void {
    const region = cdk.Aws.REGION;
    this.storageEndpoint.addToPolicy(
      new iam.PolicyStatement({
        sid: 'PhotosOfTheBooth',
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        resources: [`${bucketArn}/*`],
      }),
    );
    this.storageEndpoint.addToPolicy(
      new iam.PolicyStatement({
        sid: 'ListingOfTheBooth',
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:ListBucket'],
        resources: [bucketArn],
      }),
    );
    this.storageEndpoint.addToPolicy(
      new iam.PolicyStatement({
        sid: 'LayersOfImages',
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:GetObject'],
        resources: [`arn:${cdk.Aws.PARTITION}:s3:::prod-${region}-starport-layer-bucket/*`],
      }),
    );
  }

  /** A group that nothing may leave and nothing may reach, until it is said what may. */
  securityGroup(id: string, description: string): ec2.SecurityGroup {
    return new ec2.SecurityGroup(this, `${id}Group`, {
      vpc: this.vpc,
      description,
      allowAllOutbound: false,
    });
  }

  private addInterfaceEndpoints(zones: number): ec2.IVpcEndpoint[] {
    const subnets = this.vpc.selectSubnets({ subnetGroupName: 'tasks' }).subnets.slice(0, zones);
    return Object.entries(interfaceServices).map(([id, service]) =>
      this.vpc.addInterfaceEndpoint(id, {
        service,
        open: false,
        securityGroups: [this.endpointGroup],
        subnets: { subnets },
      }),
    );
  }
}
