// Numbers that the dashboard and the alarms compare with.

/** What a release was accepted with, and what guests are promised. */
export const baseline = {
  /** Two processors' figure, rounded up: no graphics card was measured. The first deployment's is to take its place. */
  portraitSeconds: 1.5,
  /** 95 of 100 guests wait no longer before their portrait is begun. */
  waitSeconds: 15,
} as const;

/** One g6.xlarge on demand in us-east-1 (infra/README.md has all prices and their date). */
export const gpuDollarsAnHour = 0.8048;
