/**
 * Minimum number of units of a total or rate: fewer units would disclose a single one. Threshold rule: OECD and UNECE, Glossary of
 * Statistical Disclosure Control (2005): "others require three".
 */
export const fewestUnits = 3;
