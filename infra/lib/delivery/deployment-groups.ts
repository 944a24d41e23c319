// CodeDeploy: one application, a deployment group a service, and how traffic moves from blue to green.

import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import guestAlarms from '../../guest-alarms.json';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { facts, readParameter } from '../parameters';
import { Part, parts } from './arns';
import { Artifacts } from './artifacts';
import { addDeployRole } from './deploy-role';
import { deliveryOf, Shift } from './settings';

/** By how their names end, as lib/monitoring/alarms.ts makes them: what guests of a bad release would notice first. */
export const rollbackAlarms: Record<Part, readonly string[]> = guestAlarms.rollback;

export class DeploymentGroups extends Construct {
  private readonly role: iam.Role;

  constructor(
    scope: Construct,
    id: string,
    private readonly environment: Environment,
    artifacts: Artifacts,
  ) {
    super(scope, id);
    const names = namesOf(environment.name);
    this.role = addDeployRole(this, { environment, artifacts });
    const application = new codedeploy.CfnApplication(this, 'Application', {
      applicationName: names.deployments,
      computePlatform: 'ECS',
    });
    const shift = new codedeploy.CfnDeploymentConfig(this, 'Shift', {
      deploymentConfigName: names.shift,
      computePlatform: 'ECS',
      trafficRoutingConfig: routing(deliveryOf(environment.name).shift),
    });
    for (const part of parts) {
      const group = this.addGroup(part);
      group.addResourceDependency(application);
      group.addResourceDependency(shift);
      // It asks for what it may do when it is made.
      group.node.addDependency(this.role);
    }
  }

  private addGroup(part: Part): codedeploy.CfnDeploymentGroup {
    const names = namesOf(this.environment.name);
    const { blue, green, service } = names[part];
    const listener = (fact: typeof facts.productionListenerArn | typeof facts.testListenerArn) => ({
      listenerArns: [readParameter(this, this.environment.name, fact)],
    });
    return new codedeploy.CfnDeploymentGroup(this, part, {
      applicationName: names.deployments,
      deploymentGroupName: names.deploymentGroups[part],
      serviceRoleArn: this.role.roleArn,
      deploymentConfigName: names.shift,
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      ecsServices: [{ clusterName: names.cluster, serviceName: service }],
      loadBalancerInfo: {
        targetGroupPairInfoList: [
          {
            targetGroups: [{ name: blue }, { name: green }],
            prodTrafficRoute: listener(facts.productionListenerArn),
            testTrafficRoute: listener(facts.testListenerArn),
          },
        ],
      },
      blueGreenDeploymentConfiguration: {
        // The hooks say whether it may begin; nobody has to.
        deploymentReadyOption: { actionOnTimeout: 'CONTINUE_DEPLOYMENT', waitTimeInMinutes: 0 },
        terminateBlueInstancesOnDeploymentSuccess: {
          action: 'TERMINATE',
          terminationWaitTimeInMinutes: deliveryOf(this.environment.name).blueEndsAfterMinutes,
        },
      },
      alarmConfiguration: {
        enabled: true,
        // What cannot be asked is not fine.
        ignorePollAlarmFailure: false,
        alarms: rollbackAlarms[part].map((name) => ({ name: names.alarm(name) })),
      },
      autoRollbackConfiguration: {
        enabled: true,
        events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
    });
  }
}

function routing({ kind, percent, minutes }: Shift): codedeploy.CfnDeploymentConfig.TrafficRoutingConfigProperty {
  return kind === 'canary'
    ? { type: 'TimeBasedCanary', timeBasedCanary: { canaryPercentage: percent, canaryInterval: minutes } }
    : { type: 'TimeBasedLinear', timeBasedLinear: { linearPercentage: percent, linearInterval: minutes } };
}
