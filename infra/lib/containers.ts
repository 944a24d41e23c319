// What the images promise and the templates rely on: ports, paths, users and commands of the containers.

/** The backend's image: API and workers in one process, on a GPU. */
export const backendContainer = {
  name: 'backend',
  command: ['all'],
  port: 3000,
  /** For the health check and for nobody outside of the task. */
  internalListen: '127.0.0.1:9464',
  /** Uid and gid of the image's user. */
  user: '10001:10001',
  /** Asks the internal port whether the process lives; the image has no shell that could. */
  healthCommand: ['CMD', '/usr/local/bin/backend', 'health'],
  /** Whether guests may be sent there: everything answers and the models are warm. */
  readyPath: '/api/health/ready',
  /** The certificates that Aurora's is signed by, which no browser knows. */
  databaseCertificates: '/etc/ssl/certs/rds-global-bundle.pem',
  /** The only place that may be written to; CUDA keeps what it compiled there. */
  scratchFolder: '/tmp',
  /** What the load balancer sends it; everything else is the page's. */
  paths: ['/api/*', '/media/*'],
} as const;

/** The page's image: a small server of files. */
export const frontendContainer = {
  name: 'frontend',
  port: 8080,
  user: '10001:10001',
  readyPath: '/healthz',
  /** Tells it which storage the page may talk to, for its content security policy. */
  storageOriginVariable: 'PHOTOBOOTH_STORAGE_ORIGIN',
  /** Tells it that guests come by TLS, so that browsers are told to keep to that. */
  schemeVariable: 'PHOTOBOOTH_PUBLIC_SCHEME',
} as const;

/** AWS's build of the OpenTelemetry collector, mirrored into a repository of ours: tasks reach no other registry. */
export const collectorContainer = {
  name: 'collector',
  source: 'public.ecr.aws/aws-observability/aws-otel-collector',
  tag: 'v0.49.0',
  otlpEndpoint: 'http://127.0.0.1:4318',
  healthCommand: ['CMD', '/healthcheck'],
} as const;

/** The tag of the images that the services start with; the pipeline's own are tagged by commit. */
export const firstImageTag = 'first';
