import fc from 'fast-check';

// A run of `npm test` must not depend on chance. RANDOM_SEED chooses another walk, or `random` a new one each time.
const { RANDOM_SEED = '20261130' } = process.env;
if (RANDOM_SEED !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(RANDOM_SEED) });
