/** The purpose that a request states to use the agreements that a trial hub brings. */
export const trialPurpose = 'trial';
