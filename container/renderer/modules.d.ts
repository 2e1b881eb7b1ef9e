/** Made by build.mjs from `packages/<set>/package.json`. */
declare module 'renderer:modules' {
  export const modules: Record<string, Record<string, unknown>>;
}
