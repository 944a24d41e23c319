// The door: one load balancer with a production and a test listener, and a blue and a green target group a service.

import * as cdk from 'aws-cdk-lib';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { backendContainer, frontendContainer } from '../containers';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { facts, operatorValues, readParameter, secretName, secrets, writeFact } from '../parameters';
import { Network } from './network';
import { Storage } from './storage';

/** What a request to the test listener must carry; the secret test-traffic holds the value. */
export const testTrafficHeader = 'x-photobooth-test';

/** Only those who deploy know it: nobody else sees a release before it is released. */
export const testPort = 8443;

/** The two places between which a service is swapped. */
export interface TargetGroups {
  readonly blue: elb.ApplicationTargetGroup;
  readonly green: elb.ApplicationTargetGroup;
}

export interface LoadBalancerProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly storage: Storage;
}

export class LoadBalancer extends Construct {
  readonly backend: TargetGroups;
  readonly frontend: TargetGroups;
  readonly production: elb.ApplicationListener;
  readonly test: elb.ApplicationListener;
  readonly arn: string;
  readonly dnsName: string;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const names = namesOf(props.environment.name);
    const balancer = this.addBalancer(props);
    this.arn = balancer.loadBalancerArn;
    this.dnsName = balancer.loadBalancerDnsName;
    // Models are loaded and warmed up before a task is ready; a database that fails over is no reason to end tasks.
    this.backend = this.targetGroups('Backend', props.network, names.backend, {
      port: backendContainer.port,
      path: backendContainer.readyPath,
      unhealthyAfter: 10,
      // A guest who waits for a portrait holds a stream of events.
      drain: cdk.Duration.seconds(60),
    });
    this.frontend = this.targetGroups('Frontend', props.network, names.frontend, {
      port: frontendContainer.port,
      path: frontendContainer.readyPath,
      unhealthyAfter: 3,
      drain: cdk.Duration.seconds(10),
    });
    balancer.addRedirect({ sourcePort: 80, targetPort: 443, open: true });
    const certificate = readParameter(this, props.environment.name, operatorValues.certificateArn);
    this.production = this.addProduction(balancer, certificate);
    this.test = this.addTest(balancer, certificate, props.environment);
    this.writeFacts(balancer, props.environment);
  }

  private addBalancer({ environment, network, storage }: LoadBalancerProps): elb.ApplicationLoadBalancer {
    const balancer = new elb.ApplicationLoadBalancer(this, 'Balancer', {
      loadBalancerName: namesOf(environment.name).loadBalancer,
      vpc: network.vpc,
      vpcSubnets: { subnetGroupName: 'public' },
      internetFacing: true,
      securityGroup: network.loadBalancerGroup,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elb.DesyncMitigationMode.STRICTEST,
      // Longer than the pause between two signs of life on a stream of events, shorter than what the backend keeps.
      idleTimeout: cdk.Duration.seconds(60),
      deletionProtection: environment.isKept,
    });
    balancer.setAttribute('access_logs.s3.enabled', 'true');
    balancer.setAttribute('access_logs.s3.bucket', storage.accessLogs.bucketName);
    balancer.setAttribute('access_logs.s3.prefix', 'load-balancer');
    balancer.node.addDependency(storage.accessLogs.policy ?? storage.accessLogs);
    return balancer;
  }

  private targetGroups(
    id: string,
    network: Network,
    names: { blue: string; green: string },
    target: { port: number; path: string; unhealthyAfter: number; drain: cdk.Duration },
  ): TargetGroups {
    const group = (colour: string, name: string) =>
      new elb.ApplicationTargetGroup(this, `${id}${colour}`, {
        targetGroupName: name,
        vpc: network.vpc,
        port: target.port,
        protocol: elb.ApplicationProtocol.HTTP,
        targetType: elb.TargetType.IP,
        deregistrationDelay: target.drain,
        healthCheck: {
          path: target.path,
          interval: cdk.Duration.seconds(10),
          timeout: cdk.Duration.seconds(5),
          healthyThresholdCount: 2,
          unhealthyThresholdCount: target.unhealthyAfter,
          healthyHttpCodes: '200',
        },
      });
    return { blue: group('Blue', names.blue), green: group('Green', names.green) };
  }

  private addProduction(balancer: elb.ApplicationLoadBalancer, certificate: string): elb.ApplicationListener {
    const listener = balancer.addListener('Production', {
      port: 443,
      protocol: elb.ApplicationProtocol.HTTPS,
      certificates: [elb.ListenerCertificate.fromArn(certificate)],
      open: true,
      defaultAction: elb.ListenerAction.forward([this.frontend.blue]),
    });
    listener.addAction('ProductionBackend', {
      priority: 10,
      conditions: [elb.ListenerCondition.pathPatterns([...backendContainer.paths])],
      action: elb.ListenerAction.forward([this.backend.blue]),
    });
    return listener;
  }

  /** Hooks come from anywhere: Lambda functions have no address of their own. So a header opens this door. */
  private addTest(
    balancer: elb.ApplicationLoadBalancer,
    certificate: string,
    environment: Environment,
  ): elb.ApplicationListener {
    const secret = new secretsmanager.Secret(this, 'TestTraffic', {
      secretName: secretName(environment.name, secrets.testTraffic),
      description: `Value of the header ${testTrafficHeader} that opens the test listener`,
      generateSecretString: { passwordLength: 40, excludePunctuation: true },
    });
    cdk.Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'It opens a release to tests some minutes early and guards no data; the listener rule would keep the old one.',
    });
    const listener = balancer.addListener('Test', {
      port: testPort,
      protocol: elb.ApplicationProtocol.HTTPS,
      certificates: [elb.ListenerCertificate.fromArn(certificate)],
      open: true,
      defaultAction: elb.ListenerAction.fixedResponse(403, {
        contentType: 'text/plain',
        messageBody: 'This port is for tests of releases.',
      }),
    });
    const hasHeader = elb.ListenerCondition.httpHeader(testTrafficHeader, [secret.secretValue.unsafeUnwrap()]);
    listener.addAction('TestBackend', {
      priority: 10,
      conditions: [hasHeader, elb.ListenerCondition.pathPatterns([...backendContainer.paths])],
      action: elb.ListenerAction.forward([this.backend.blue]),
    });
    listener.addAction('TestFrontend', {
      priority: 20,
      conditions: [hasHeader],
      action: elb.ListenerAction.forward([this.frontend.blue]),
    });
    return listener;
  }

  private writeFacts(balancer: elb.ApplicationLoadBalancer, { name }: Environment): void {
    writeFact(this, name, facts.loadBalancerFullName, balancer.loadBalancerFullName);
    writeFact(this, name, facts.productionListenerArn, this.production.listenerArn);
    writeFact(this, name, facts.testListenerArn, this.test.listenerArn);
    writeFact(this, name, facts.backendBlue, this.backend.blue.targetGroupFullName);
    writeFact(this, name, facts.backendGreen, this.backend.green.targetGroupFullName);
    writeFact(this, name, facts.frontendBlue, this.frontend.blue.targetGroupFullName);
    writeFact(this, name, facts.frontendGreen, this.frontend.green.targetGroupFullName);
  }
}
