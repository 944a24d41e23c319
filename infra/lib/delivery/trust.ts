// Who takes on the roles of a release: a service of AWS, and only when it acts for this account.

import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Without the condition somebody else's pipeline, build or deployment might be given the role by its name. Lambda's guide
 * promises no such key: a function is given its role by somebody in this account who may pass it on, or not at all.
 */
export function trusted(service: 'codebuild' | 'codedeploy' | 'codepipeline'): iam.ServicePrincipal {
  return new iam.ServicePrincipal(`${service}.amazonaws.com`, {
    conditions: { StringEquals: { 'aws:SourceAccount': cdk.Aws.ACCOUNT_ID } },
  });
}
