// The environments, and in what they differ. Whatever is not here is the same in all of them.

const environmentNames = ['dev', 'staging', 'prod'] as const;

export type EnvironmentName = (typeof environmentNames)[number];

/** What one environment is given. */
export interface Environment {
  readonly name: EnvironmentName;
  readonly network: {
    /** Apart from each other, so that two environments can be peered. */
    readonly cidr: string;
    readonly zones: 2 | 3;
    /** Zones with interface endpoints: each costs by the hour in each of them. */
    readonly endpointZones: 1 | 2 | 3;
  };
  readonly backend: {
    /** First values of the parameters autoscaling/min-capacity and max-capacity; one task has one GPU. */
    readonly minTasks: number;
    readonly maxTasks: number;
    /** Portraits that one GPU makes at a time. */
    readonly workersPerTask: number;
  };
  readonly gpu: {
    /** Machines with exactly one GPU, at least 4 processors and 16 GiB; the first that can be had is taken. */
    readonly instanceTypes: readonly [string, ...string[]];
    /** Cheaper, and taken away at two minutes' notice: only where a visit may be lost. */
    readonly spot: boolean;
  };
  readonly frontend: { readonly minTasks: number; readonly maxTasks: number };
  readonly database: {
    /** Aurora capacity units: one is about 2 GiB of memory. */
    readonly minUnits: number;
    readonly maxUnits: number;
    /** Standbys in other zones, which take over within a minute. */
    readonly readers: 0 | 1;
    readonly backupDays: number;
  };
  /** Whether database, buckets and load balancer are protected against deletion. */
  readonly isKept: boolean;
  /** First values of the parameters of the same names. */
  readonly logRetentionDays: number;
  readonly processingTimeoutMs: number;
  readonly enableXray: boolean;
  readonly enableWaf: boolean;
  /** What one address may take. A venue's guests share one, and a load test comes from one. */
  readonly ofOneAddress: {
    /** Counted by the firewall, over everything. */
    readonly requestsPerFiveMinutes: number;
    /** Counted by the backend. */
    readonly readsPerSecond: number;
    readonly ticketsPerSecond: number;
    readonly portraitsPerMinute: number;
  };
  readonly monthlyBudgetDollars: number;
}

const environments: Record<EnvironmentName, Environment> = {
  dev: {
    name: 'dev',
    network: { cidr: '10.20.0.0/16', zones: 2, endpointZones: 1 },
    backend: { minTasks: 1, maxTasks: 1, workersPerTask: 2 },
    gpu: { instanceTypes: ['g4dn.xlarge', 'g6.xlarge', 'g5.xlarge'], spot: true },
    frontend: { minTasks: 1, maxTasks: 2 },
    database: { minUnits: 0.5, maxUnits: 2, readers: 0, backupDays: 1 },
    isKept: false,
    logRetentionDays: 7,
    processingTimeoutMs: 60_000,
    enableXray: true,
    enableWaf: false,
    ofOneAddress: {
      requestsPerFiveMinutes: 500_000,
      readsPerSecond: 2_000,
      ticketsPerSecond: 500,
      portraitsPerMinute: 600,
    },
    monthlyBudgetDollars: 450,
  },
  staging: {
    name: 'staging',
    network: { cidr: '10.21.0.0/16', zones: 2, endpointZones: 2 },
    backend: { minTasks: 1, maxTasks: 2, workersPerTask: 2 },
    gpu: { instanceTypes: ['g6.xlarge', 'g5.xlarge', 'g4dn.xlarge'], spot: false },
    frontend: { minTasks: 2, maxTasks: 4 },
    database: { minUnits: 0.5, maxUnits: 4, readers: 0, backupDays: 7 },
    isKept: false,
    logRetentionDays: 30,
    processingTimeoutMs: 60_000,
    enableXray: true,
    enableWaf: true,
    ofOneAddress: {
      requestsPerFiveMinutes: 500_000,
      readsPerSecond: 2_000,
      ticketsPerSecond: 500,
      portraitsPerMinute: 600,
    },
    monthlyBudgetDollars: 1_200,
  },
  prod: {
    name: 'prod',
    network: { cidr: '10.22.0.0/16', zones: 3, endpointZones: 2 },
    backend: { minTasks: 2, maxTasks: 8, workersPerTask: 2 },
    gpu: { instanceTypes: ['g6.xlarge', 'g5.xlarge', 'g4dn.xlarge'], spot: false },
    frontend: { minTasks: 2, maxTasks: 10 },
    database: { minUnits: 1, maxUnits: 16, readers: 1, backupDays: 35 },
    isKept: true,
    logRetentionDays: 90,
    processingTimeoutMs: 60_000,
    enableXray: true,
    enableWaf: true,
    ofOneAddress: {
      requestsPerFiveMinutes: 30_000,
      readsPerSecond: 200,
      ticketsPerSecond: 20,
      portraitsPerMinute: 120,
    },
    monthlyBudgetDollars: 2_500,
  },
};

/** The environment that `--context environment=...` names; anything else is an error that says what is allowed. */
export function environmentNamed(name: unknown): Environment {
  const known = environmentNames.find((candidate) => candidate === name);
  if (known === undefined) {
    const given = name === undefined ? 'none was given' : `not ${JSON.stringify(name)}`;
    throw new Error(
      `--context environment=... must be one of ${environmentNames.join(', ')}; ${given}. ` +
        'For example: cdk deploy PhotoboothStack-staging --context environment=staging',
    );
  }
  return environments[known];
}

export const allEnvironments: readonly Environment[] = Object.values(environments);
