/** The seed of randomised tests: any, unless `WIRESPAN_SEED` names one to replay. A failure prints it. */
export const SEED: number = Number(
  process.env.WIRESPAN_SEED ?? Math.floor(Math.random() * 2 ** 31),
);
