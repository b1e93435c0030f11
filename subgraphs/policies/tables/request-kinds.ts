/** The kinds of service requests. */
export const requestKinds = [
  'POLICY_APPLICATION',
  'PROMOTION',
  'STATISTICS_REGISTER',
  'FINANCING',
  'LISTING',
  'TALENT',
  'SCENE_RESOURCES',
  'LAND_SPACE',
  'LICENSING',
  'OTHER',
] as const;
