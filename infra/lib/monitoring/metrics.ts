// The metrics that dashboard and alarms look at: the booth's own, and those of the services it runs on.

import * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import guestAlarms from '../../guest-alarms.json';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { facts, readParameter } from '../parameters';

const minute = cdk.Duration.minutes(1);

/** Full names of the load balancer and of the target groups between which a service is swapped. */
interface Door {
  readonly loadBalancer: string;
  readonly backend: readonly [string, string];
  readonly frontend: readonly [string, string];
}

type Service = 'backend' | 'frontend';

export class Metrics {
  private readonly door: Door;

  constructor(
    scope: Construct,
    private readonly environment: Environment,
  ) {
    const read = (fact: (typeof facts)[keyof typeof facts]) => readParameter(scope, environment.name, fact);
    this.door = {
      loadBalancer: read(facts.loadBalancerFullName),
      backend: [read(facts.backendBlue), read(facts.backendGreen)],
      frontend: [read(facts.frontendBlue), read(facts.frontendGreen)],
    };
  }

  /** What the backend publishes once a minute. */
  booth(metricName: string, statistic: string): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AI-Photobooth',
      metricName,
      dimensionsMap: { Environment: this.environment.name, Role: 'all' },
      statistic,
      period: minute,
      label: `${metricName}, ${statistic.toLowerCase()}`,
    });
  }

  /** Every value of a further dimension, in one line each. */
  boothBy(metricName: string, dimension: string, statistic: 'Average' | 'Sum'): cloudwatch.MathExpression {
    const search =
      `{AI-Photobooth,Environment,Role,${dimension}} MetricName="${metricName}" ` +
      `Environment="${this.environment.name}" Role="all"`;
    return new cloudwatch.MathExpression({
      expression: `SEARCH('${search}', '${statistic}', 60)`,
      label: `\${PROP('Dim.${dimension}')}`,
      usingMetrics: {},
      period: minute,
    });
  }

  /** Blue and green together: they swap roles with every release. */
  ofTargets(service: Service, metricName: string, statistic: string, combine: '+' | 'max'): cloudwatch.MathExpression {
    const [blue, green] = this.door[service];
    const of = (targetGroup: string) => this.elb(metricName, statistic, { TargetGroup: targetGroup });
    // Names within an expression must not meet those of another one on the same graph.
    const name = `${metricName}${statistic}`;
    const [b, g] = [`${service}Blue${name}`, `${service}Green${name}`];
    const expression = combine === '+' ? `FILL(${b}, 0) + FILL(${g}, 0)` : `MAX([FILL(${b}, 0), FILL(${g}, 0)])`;
    return new cloudwatch.MathExpression({
      expression,
      usingMetrics: { [b]: of(blue), [g]: of(green) },
      label: `${service}: ${metricName} ${statistic}`,
      period: minute,
    });
  }

  /** Of a hundred requests to a service, how many it failed; nothing is said of fewer than 20 a minute. */
  errorPercent(service: Service): cloudwatch.MathExpression {
    const [errors, requests] = [`${service}Errors`, `${service}Requests`];
    return new cloudwatch.MathExpression({
      expression: `IF(${requests} >= ${guestAlarms.errors.fromRequestsAMinute}, 100 * ${errors} / ${requests}, 0)`,
      usingMetrics: {
        [errors]: this.ofTargets(service, 'HTTPCode_Target_5XX_Count', 'Sum', '+'),
        [requests]: this.ofTargets(service, 'RequestCount', 'Sum', '+'),
      },
      label: `${service}: errors in percent`,
      period: minute,
    });
  }

  /** Answers that the load balancer had to give because no task did. */
  refusals(): cloudwatch.Metric {
    return this.elb('HTTPCode_ELB_5XX_Count', 'Sum', {});
  }

  requests(): cloudwatch.Metric {
    return this.elb('RequestCount', 'Sum', {});
  }

  database(metricName: string, statistic = 'Average'): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/RDS',
      metricName,
      dimensionsMap: { DBClusterIdentifier: namesOf(this.environment.name).database },
      statistic,
      period: minute,
    });
  }

  /** More than 100: tasks wait for machines that are not there. */
  gpuDemandPercent(): cloudwatch.Metric {
    const { cluster, capacityProvider } = namesOf(this.environment.name);
    return new cloudwatch.Metric({
      namespace: 'AWS/ECS/ManagedScaling',
      metricName: 'CapacityProviderReservation',
      dimensionsMap: { ClusterName: cluster, CapacityProviderName: capacityProvider },
      statistic: 'Average',
      period: minute,
    });
  }

  gpuReservedPercent(): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/ECS',
      metricName: 'GPUReservation',
      dimensionsMap: { ClusterName: namesOf(this.environment.name).cluster },
      statistic: 'Average',
      period: minute,
    });
  }

  gpuMachines(): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/AutoScaling',
      metricName: 'GroupInServiceInstances',
      dimensionsMap: { AutoScalingGroupName: namesOf(this.environment.name).gpuGroup },
      statistic: 'Average',
      period: minute,
    });
  }

  /** Rotations that did not end well, whichever way: one that was stopped has left the scaling suspended. */
  failedRotations(scope: Construct): cloudwatch.MathExpression {
    const machine = cdk.Stack.of(scope).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: namesOf(this.environment.name).rotation,
      arnFormat: cdk.ArnFormat.COLON_RESOURCE_NAME,
    });
    const ends = ['Failed', 'TimedOut', 'Aborted'].map((end) => `Executions${end}`);
    const of = (metricName: string) =>
      new cloudwatch.Metric({
        namespace: 'AWS/States',
        metricName,
        dimensionsMap: { StateMachineArn: machine },
        statistic: 'Sum',
        period: minute,
      });
    const nameOf = (metricName: string) => `rotation${metricName}`;
    return new cloudwatch.MathExpression({
      expression: ends.map((end) => `FILL(${nameOf(end)}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(ends.map((end) => [nameOf(end), of(end)])),
      label: 'rotations that did not end well',
      period: minute,
    });
  }

  /** Calls that no function of the pipeline answered. */
  lostEvents(): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensionsMap: { QueueName: namesOf(this.environment.name).lostEvents },
      statistic: 'Maximum',
      period: minute,
    });
  }

  private elb(metricName: string, statistic: string, further: Record<string, string>): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/ApplicationELB',
      metricName,
      dimensionsMap: { LoadBalancer: this.door.loadBalancer, ...further },
      statistic,
      period: minute,
    });
  }
}
