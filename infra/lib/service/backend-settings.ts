// What the backend is told: its settings, by the names that `backend all --help` gives them.

import * as cdk from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { backendContainer, collectorContainer, firstImageTag } from '../containers';
import { Environment, EnvironmentName } from '../environments';
import { parameterName, readParameter, settings } from '../parameters';
import { Database } from './database';
import { Network } from './network';
import { Storage } from './storage';
import policy from '../../scaling.json';

// Photos that may wait for each worker that there can be; further guests are told to come back. At 1.5 s a portrait a
// full queue is half a minute for all of them. Of prod's fewest it is two minutes, but long before that more were called.
const { waitingPerWorker } = policy;

export interface Surroundings {
  readonly environment: Environment;
  readonly network: Network;
  readonly database: Database;
  readonly storage: Storage;
}

/** Written into the task definition: a new value needs a deployment and a release. */
export function plainSettings({ environment, database, network, storage }: Surroundings): Record<string, string> {
  const { name, ofOneAddress } = environment;
  const { maxTasks, workersPerTask } = environment.backend;
  return {
    PHOTOBOOTH_LISTEN: `0.0.0.0:${backendContainer.port}`,
    PHOTOBOOTH_INTERNAL_LISTEN: backendContainer.internalListen,
    PHOTOBOOTH_PUBLIC_SCHEME: 'https',
    // The load balancer's subnets: only who comes from there is believed about whom it speaks for.
    PHOTOBOOTH_TRUSTED_PROXIES: network.vpc.publicSubnets.map((subnet) => subnet.ipv4CidrBlock).join(','),
    PHOTOBOOTH_DATABASE_URL: database.url,
    PHOTOBOOTH_STORAGE: 's3',
    PHOTOBOOTH_S3_BUCKET: storage.photos.bucketName,
    PHOTOBOOTH_S3_REGION: cdk.Aws.REGION,
    // So that the page's policy names our bucket, not everybody's.
    PHOTOBOOTH_S3_PATH_STYLE: 'false',
    PHOTOBOOTH_DEVICE: 'cuda:0',
    PHOTOBOOTH_WORKERS: String(workersPerTask),
    PHOTOBOOTH_QUEUE_LIMIT: String(waitingPerWorker * maxTasks * workersPerTask),
    PHOTOBOOTH_READS_PER_SECOND: String(ofOneAddress.readsPerSecond),
    PHOTOBOOTH_PRESIGNED_PER_SECOND: String(ofOneAddress.ticketsPerSecond),
    PHOTOBOOTH_PROCESS_PER_MINUTE: String(ofOneAddress.portraitsPerMinute),
    PHOTOBOOTH_CLOUDWATCH: 'true',
    PHOTOBOOTH_OTLP_ENDPOINT: collectorContainer.otlpEndpoint,
    PHOTOBOOTH_ENABLE_XRAY: readParameter(network, name, settings.enableXray),
    PHOTOBOOTH_LOG_FORMAT: 'json',
    // The pipeline writes the commit over it with every release.
    PHOTOBOOTH_RELEASE: firstImageTag,
    CUDA_CACHE_PATH: `${backendContainer.scratchFolder}/cuda`,
  };
}

/** Read when a task starts: a new value needs new tasks, but no deployment of the stack. */
export function injectedSettings(
  scope: Construct,
  environment: EnvironmentName,
  database: Database,
): Record<string, ecs.Secret> {
  const parameter = (key: (typeof settings)[keyof typeof settings]) =>
    ecs.Secret.fromSsmParameter(
      ssm.StringParameter.fromStringParameterName(
        scope,
        `Parameter-${key.replace('/', '-')}`,
        parameterName(environment, key),
      ),
    );
  return {
    PHOTOBOOTH_ENVIRONMENT: parameter(settings.environment),
    PHOTOBOOTH_PROCESSING_TIMEOUT_MS: parameter(settings.processingTimeoutMs),
    PHOTOBOOTH_DATABASE_PASSWORD: ecs.Secret.fromSecretsManager(database.credentials, 'password'),
  };
}
