// The buckets: guests' photos and portraits, which are soon forgotten, and the logs of who asked for them.

import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { facts, operatorValues, readNumber, readParameter, settings, writeFact } from '../parameters';
import { removalPolicyOf } from '../retention';

/** The folders that the backend puts photos and portraits into. */
const [uploads, results] = ['uploads', 'results'];
const folders = [uploads, results];

export class Storage extends Construct {
  readonly photos: s3.Bucket;
  readonly accessLogs: s3.Bucket;

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    this.accessLogs = this.addAccessLogs(environment);
    this.photos = this.addPhotos(environment);
    writeFact(this, environment.name, facts.bucketName, this.photos.bucketName);
  }

  /** Where browsers reach the photos, as a content security policy names it. */
  get origin(): string {
    return `https://${this.photos.bucketRegionalDomainName}`;
  }

  /** What the backend does with objects, and nothing else. */
  grantToBackend(role: iam.Role): void {
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'PhotosAndPortraits',
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        resources: folders.map((folder) => this.photos.arnForObjects(`${folder}/*`)),
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'FindingLeftovers',
        actions: ['s3:ListBucket'],
        resources: [this.photos.bucketArn],
      }),
    );
    const bucket = cdk.Stack.of(this).getLogicalId(this.photos.node.defaultChild as s3.CfnBucket);
    for (const folder of folders) {
      cdk.Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::<${bucket}.Arn>/${folder}/*]`,
        reason: 'Photos and portraits have random names; the folder is all that can be said of them.',
      });
    }
  }

  private addPhotos(environment: Environment): s3.Bucket {
    const bucket = new s3.Bucket(this, 'Photos', {
      bucketName: `ai-photobooth-${environment.name}-${cdk.Aws.ACCOUNT_ID}-${cdk.Aws.REGION}`,
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // No versions: what a guest deletes is gone.
      versioned: false,
      serverAccessLogsBucket: this.accessLogs,
      serverAccessLogsPrefix: 'photos/',
      removalPolicy: removalPolicyOf(environment),
      // The backend forgets sooner; this is for the day on which it does not run.
      lifecycleRules: [
        { id: 'uploads', prefix: `${uploads}/`, expiration: cdk.Duration.days(1) },
        { id: 'results', prefix: `${results}/`, expiration: cdk.Duration.days(7) },
        { id: 'parts', abortIncompleteMultipartUploadAfter: cdk.Duration.days(1) },
      ],
      cors: [
        {
          allowedOrigins: [`https://${readParameter(this, environment.name, operatorValues.domainName)}`],
          allowedMethods: [s3.HttpMethods.PUT, s3.HttpMethods.GET],
          allowedHeaders: ['content-type'],
          maxAge: 3_600,
        },
      ],
    });
    return bucket;
  }

  private addAccessLogs(environment: Environment): s3.Bucket {
    const bucket = new s3.Bucket(this, 'AccessLogs', {
      // What load balancers write is encrypted so or not at all.
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: removalPolicyOf(environment),
      lifecycleRules: [
        {
          id: 'retention',
          expiration: cdk.Duration.days(readNumber(this, environment.name, settings.logRetentionDays)),
          abortIncompleteMultipartUploadAfter: cdk.Duration.days(1),
        },
      ],
    });
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'LoadBalancerLogs',
        principals: [new iam.ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
        actions: ['s3:PutObject'],
        // The account is in the path; a condition on the source is nothing that the service is known to meet.
        resources: [bucket.arnForObjects(`load-balancer/AWSLogs/${cdk.Aws.ACCOUNT_ID}/*`)],
      }),
    );
    cdk.Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It holds the access logs; logs of its own would be logs of logs.',
    });
    return bucket;
  }
}
