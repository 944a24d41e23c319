// The web application firewall before the load balancer, where features/enable-waf is on.

import * as cdk from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { settings, switchedOn } from '../parameters';

/** AWS's own rules. Photos do not pass here: browsers put them into S3. */
const managedRules = [
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesKnownBadInputsRuleSet',
] as const;

export interface FirewallProps {
  readonly environment: Environment;
  readonly loadBalancerArn: string;
  readonly logGroup: logs.LogGroup;
}

export class Firewall extends Construct {
  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const { environment } = props;
    const name = namesOf(environment.name).firewall;
    const acl = new wafv2.CfnWebACL(this, 'Rules', {
      name,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: watched(name),
      rules: [
        {
          name: 'RequestsOfOneAddress',
          priority: 0,
          action: { block: { customResponse: { responseCode: 429 } } },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: environment.ofOneAddress.requestsPerFiveMinutes,
              evaluationWindowSec: 300,
            },
          },
          visibilityConfig: watched('RequestsOfOneAddress'),
        },
        ...managedRules.map((rule, index) => ({
          name: rule,
          priority: index + 1,
          overrideAction: { none: {} },
          statement: { managedRuleGroupStatement: { vendorName: 'AWS', name: rule } },
          visibilityConfig: watched(rule),
        })),
      ],
    });
    const association = new wafv2.CfnWebACLAssociation(this, 'Association', {
      resourceArn: props.loadBalancerArn,
      webAclArn: acl.attrArn,
    });
    const logging = new wafv2.CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [logGroupArn(props.logGroup)],
      // What was let through is in the load balancer's log.
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: [{ ActionCondition: { Action: 'BLOCK' } }],
          },
        ],
      },
      redactedFields: [{ singleHeader: { Name: 'authorization' } }],
    });
    const isOn = switchedOn(this, environment.name, settings.enableWaf);
    for (const resource of [acl, association, logging]) {
      resource.cfnOptions.condition = isOn;
    }
  }
}

function watched(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: true };
}

/** Without the `:*` that groups' addresses end in elsewhere. */
function logGroupArn(group: logs.LogGroup): string {
  return cdk.Stack.of(group).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: group.logGroupName,
    arnFormat: cdk.ArnFormat.COLON_RESOURCE_NAME,
  });
}
