/**
 * Version of what makes the manifests; the same as in both package.json. Why it stands in them:
 * docs/explanation/stability.md#which-version-made-them
 */
export const VERSION = '0.1.0';
