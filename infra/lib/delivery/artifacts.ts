// The bucket of the pipeline: sources, rendered deployments, what hooks saved, and the caches of the builds.

import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { removalPolicyOf } from '../retention';

/** Folders of the bucket beside the pipeline's own. */
export const folders = {
  /** What application-stop writes down of the old colour. */
  backups: 'deployments',
  /** An appspec that an operator puts there to go back by hand. */
  rollbacks: 'rollback',
  caches: 'cache',
} as const;

/** Days. A stage that rolls back takes what its last good run took: those must outlive any pause between releases. */
const kept = { artifacts: 180, caches: 14, oldVersions: 30 };

export class Artifacts extends Construct {
  readonly bucket: s3.Bucket;
  readonly key: kms.Key;

  constructor(
    scope: Construct,
    id: string,
    private readonly environment: Environment,
  ) {
    super(scope, id);
    this.key = new kms.Key(this, 'Key', {
      description: `Artifacts of the photobooth's pipeline in ${environment.name}`,
      enableKeyRotation: true,
      removalPolicy: removalPolicyOf(environment),
      pendingWindow: cdk.Duration.days(7),
    });
    this.bucket = this.addBucket(environment);
  }

  /** Where a folder's objects are. */
  objects(folder: string): string {
    return this.bucket.arnForObjects(`${folder}/*`);
  }

  /** What it takes besides to read objects. */
  toDecrypt(): iam.PolicyStatement {
    return this.useOfKey('kms:Decrypt', 'kms:DescribeKey');
  }

  /** What it takes besides to write objects; with a bucket's key, S3 reads that one first. */
  toEncrypt(): iam.PolicyStatement {
    return this.useOfKey('kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey');
  }

  private useOfKey(...actions: string[]): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'ArtifactKey',
      actions,
      resources: [this.key.keyArn],
    });
  }

  /** What the pipeline does with its artifacts; what others keep beside them is not its business. */
  useByPipeline(): iam.PolicyStatement[] {
    return this.useOfObjects(this.ofPipeline);
  }

  /** What a build does with the pipeline's artifacts and its own cache. */
  useByBuild(build: string): iam.PolicyStatement[] {
    return this.useOfObjects(this.ofPipeline, `${folders.caches}/${build}*`);
  }

  /** CodePipeline calls its folder by the pipeline's name, of which it takes the first twenty letters. */
  private get ofPipeline(): string {
    return `${namesOf(this.environment.name).pipeline.slice(0, 20)}*/*`;
  }

  /** To read, each version of them, and to write. */
  private useOfObjects(...objects: string[]): iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({
        sid: 'Artifacts',
        actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
        resources: objects.map((pattern) => this.bucket.arnForObjects(pattern)),
      }),
      new iam.PolicyStatement({
        sid: 'ArtifactBucket',
        actions: ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'],
        resources: [this.bucket.bucketArn],
      }),
      this.useOfKey('kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'),
    ];
  }

  private addBucket(environment: Environment): s3.Bucket {
    const bucket = new s3.Bucket(this, 'Bucket', {
      bucketName: `${namesOf(environment.name).artifacts}-${cdk.Aws.ACCOUNT_ID}-${cdk.Aws.REGION}`,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: removalPolicyOf(environment),
      lifecycleRules: [
        {
          id: 'everything',
          expiration: cdk.Duration.days(kept.artifacts),
          noncurrentVersionExpiration: cdk.Duration.days(kept.oldVersions),
          abortIncompleteMultipartUploadAfter: cdk.Duration.days(1),
        },
        {
          id: 'caches',
          prefix: `${folders.caches}/`,
          expiration: cdk.Duration.days(kept.caches),
          noncurrentVersionExpiration: cdk.Duration.days(1),
        },
      ],
    });
    cdk.Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only the pipeline reads and writes it, and its history says what it read and wrote.',
    });
    return bucket;
  }
}
