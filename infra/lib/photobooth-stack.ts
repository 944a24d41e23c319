// PhotoboothStack: the booth itself, from the network to the firewall.

import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EnvironmentProps } from './ecr-stack';
import { operatorValues, readParameter } from './parameters';
import { Backend } from './service/backend-service';
import { Cluster } from './service/cluster';
import { Database } from './service/database';
import { Firewall } from './service/firewall';
import { Frontend } from './service/frontend-service';
import { LoadBalancer } from './service/load-balancer';
import { LogGroups } from './service/log-groups';
import { Network } from './service/network';
import { Rotation } from './service/rotation';
import { BacklogScaling } from './service/scaling';
import { Storage } from './service/storage';

export class PhotoboothStack extends cdk.Stack {
  private readonly zones: number;

  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);
    const { environment } = props;
    this.zones = environment.network.zones;

    const logGroups = new LogGroups(this, 'Logs', environment);
    const network = new Network(this, 'Network', { environment, logGroups });
    const storage = new Storage(this, 'Storage', environment);
    network.limitStorageTo(storage.photos.bucketArn);
    const database = new Database(this, 'Database', { environment, network, logGroups });
    const loadBalancer = new LoadBalancer(this, 'LoadBalancer', { environment, network, storage });
    const cluster = new Cluster(this, 'Cluster', { environment, network });
    const parts = { environment, network, loadBalancer, cluster, storage, logGroups };
    const backend = new Backend(this, 'Backend', { ...parts, database });
    new Rotation(this, 'Rotation', { environment, credentials: database.credentials, functionArn: database.rotationArn });
    new BacklogScaling(this, 'Scaling', backend.service, environment);
    new Frontend(this, 'Frontend', parts);
    new Firewall(this, 'Firewall', {
      environment,
      loadBalancerArn: loadBalancer.arn,
      logGroup: logGroups.firewall,
    });

    const domain = readParameter(this, environment.name, operatorValues.domainName);
    new cdk.CfnOutput(this, 'Address', { value: `https://${domain}`, description: 'Where guests go' });
    new cdk.CfnOutput(this, 'DomainTarget', {
      value: loadBalancer.dnsName,
      description: 'What the domain must point at, by an alias or CNAME record',
    });
  }

  /** Counted off when the stack is deployed: looking them up would take an account. */
  get availabilityZones(): string[] {
    return Array.from({ length: this.zones }, (_, index) => cdk.Fn.select(index, cdk.Fn.getAzs()));
  }
}
