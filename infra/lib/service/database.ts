// The database: Aurora PostgreSQL that sizes itself, encrypted, with a password that is generated and rotated.

import * as cdk from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as serverless from 'aws-cdk-lib/aws-sam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { backendContainer } from '../containers';
import { Environment } from '../environments';
import { namesOf } from '../names';
import { secretName, secrets } from '../parameters';
import { LogGroups } from './log-groups';
import { Network } from './network';

const databaseName = 'photobooth';
const userName = 'photobooth';

/** Not needing percent-encoding, and not confusing a shell. */
const unwantedInPasswords = ' %+~`#$&*()|[]{}:;<>?!\'/@"\\=^,';

export interface DatabaseProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly logGroups: LogGroups;
}

export class Database extends Construct {
  readonly credentials: secretsmanager.ISecret;
  /** Of the function that Secrets Manager rotates them with. */
  readonly rotationArn: string;
  private readonly cluster: rds.DatabaseCluster;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    this.cluster = this.addCluster(props);
    this.cluster.node.addDependency(props.logGroups.database);
    if (this.cluster.secret === undefined) {
      throw new Error('the database has no generated credentials');
    }
    this.credentials = this.cluster.secret;
    this.acknowledge(props.environment);
    this.cluster.connections.allowDefaultPortFrom(props.network.backendGroup, 'Backend');
    this.rotationArn = this.addRotation(props);
  }

  /** The backend's PHOTOBOOTH_DATABASE_URL; the password comes on its own. */
  get url(): string {
    const { hostname, port } = this.cluster.clusterEndpoint;
    const tls = `sslmode=verify-full&sslrootcert=${backendContainer.databaseCertificates}`;
    return `postgres://${userName}@${hostname}:${cdk.Token.asString(port)}/${databaseName}?${tls}`;
  }

  private addCluster({ environment, network }: DatabaseProps): rds.DatabaseCluster {
    const engine = rds.DatabaseClusterEngine.auroraPostgres({
      version: rds.AuroraPostgresEngineVersion.VER_17_7,
    });
    const instance = {
      caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
      autoMinorVersionUpgrade: true,
      enablePerformanceInsights: true,
      publiclyAccessible: false,
    };
    const readers = Array.from({ length: environment.database.readers }, (_, number) =>
      // It has the writer's size, so that it can take over at once.
      rds.ClusterInstance.serverlessV2(`Reader${number + 1}`, { ...instance, scaleWithWriter: true }),
    );
    return new rds.DatabaseCluster(this, 'Cluster', {
      engine,
      clusterIdentifier: namesOf(environment.name).database,
      defaultDatabaseName: databaseName,
      credentials: rds.Credentials.fromGeneratedSecret(userName, {
        secretName: secretName(environment.name, secrets.databaseCredentials),
        excludeCharacters: unwantedInPasswords,
      }),
      writer: rds.ClusterInstance.serverlessV2('Writer', instance),
      readers,
      serverlessV2MinCapacity: environment.database.minUnits,
      serverlessV2MaxCapacity: environment.database.maxUnits,
      vpc: network.vpc,
      vpcSubnets: network.dataSubnets,
      securityGroups: [network.securityGroup('Database', 'Database: it only answers')],
      storageEncrypted: true,
      parameters: { 'rds.force_ssl': '1', log_min_duration_statement: '1000' },
      cloudwatchLogsExports: ['postgresql'],
      backup: { retention: cdk.Duration.days(environment.database.backupDays), preferredWindow: '02:00-03:00' },
      preferredMaintenanceWindow: 'tue:03:30-tue:04:30',
      copyTagsToSnapshot: true,
      deletionProtection: environment.isKept,
      removalPolicy: environment.isKept ? cdk.RemovalPolicy.SNAPSHOT : cdk.RemovalPolicy.DESTROY,
    });
  }

  private acknowledge(environment: Environment): void {
    cdk.Validations.of(this.cluster).acknowledge({
      id: 'AwsSolutions-RDS6',
      reason: 'One user with a password that is generated, rotated and given to the tasks alone; people do not log in.',
    });
    if (!environment.isKept) {
      cdk.Validations.of(this.cluster).acknowledge({
        id: 'AwsSolutions-RDS10',
        reason: 'What is in it may be lost, and the environment is taken down and set up again.',
      });
    }
  }

  private addRotation({ network }: DatabaseProps): string {
    const rotation = network.securityGroup('Rotation', 'Rotation of the database password');
    network.allowServices(rotation);
    const { node } = this.cluster.addRotationSingleUser({
      // Should the monthly rotation (rotation.ts) not have run: it replaces the tasks as well.
      automaticallyAfter: cdk.Duration.days(45),
      rotateImmediatelyOnUpdate: false,
      excludeCharacters: unwantedInPasswords,
      vpcSubnets: network.taskSubnets,
      securityGroup: rotation,
    });
    // AWS's application, whose outputs CDK tells only its own schedule.
    return (node.defaultChild as serverless.CfnApplication).getAtt('Outputs.RotationLambdaARN').toString();
  }
}
